"""What a person does in the portal, step by step."""

from playwright.sync_api import Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.people import Person


def register(page: Page, person: Person) -> None:
    page.goto("/register/")
    choose_country(page, person)
    tell_about_oneself(page, person)
    page.get_by_role("button", name="Continue").click()  # the policy was read
    for value in person.fields.values():
        if value not in (person.fields["time_zone"], person.fields["password"]):
            expect(page.locator("dl.facts").get_by_text(value, exact=True)).to_be_visible()
    fill(page, "password", person.fields["password"])
    assert not page.locator("#id_agreed").is_checked()
    assert not any(box.is_checked() for box in page.locator("input[name=purposes]").all())
    agree(page, person)
    page.get_by_role("button", name="Create account").click()


def agree(page: Page, person: Person) -> None:
    """Agree to the policy; for an enterprise, attest that its contact person knows."""
    page.locator("#id_agreed").check()
    if person.kind == "enterprise":
        page.locator("#id_attested").check()


def open_menu(page: Page) -> None:
    """Open the menu, which a narrow page folds."""
    button = page.locator(".menu-button")
    if button.is_visible():
        button.click()


def choose_country(page: Page, person: Person) -> None:
    page.locator(f"input[name=kind][value={person.kind}]").check()
    page.locator("#id_country").select_option(person.country)
    answer_age_question(page)
    page.locator("main button.button").click()  # its name is in the reader's language
    expect(page.locator("#id_username")).to_be_visible()


def answer_age_question(page: Page, year: str = "1990", month: str = "5") -> None:
    page.locator("#id_birth_month").select_option(month)
    page.locator("#id_birth_year").fill(year)


def tell_about_oneself(page: Page, person: Person) -> None:
    page.locator("details.more-fields").evaluate("folded => { folded.open = true }")
    for key, value in person.fields.items():
        if key != "password":
            fill(page, key, value)
    page.locator("#id_phone").press("Enter")
    expect(page.locator("#portal_frame")).to_be_visible()


def fill(page: Page, key: str, value: str) -> None:
    if key == "time_zone":
        page.locator("#id_time_zone").select_option(value)
    else:
        page.locator(f"#id_{key}").fill(value)


def verify(page: Page, portal: LivePortal, person: Person) -> None:
    expect(page).to_have_url(f"{portal.url}/sign-in/verify/")
    page.locator("#id_code").fill(portal.code_for(person.fields["phone"]))
    page.get_by_role("button", name="Verify").click()
    if email := person.fields.get("enterprise_email"):
        expect(page).to_have_url(f"{portal.url}/settings/security/enterprise_email/code/")
        page.locator("#id_code").fill(portal.code_for(email))
        page.get_by_role("button", name="Verify").click()
        page.goto("/home/")
    expect(page).to_have_url(f"{portal.url}/home/")


def correct(page: Page, person: Person) -> str:
    page.goto("/settings/profile/")
    for key in ("name", "username", "company_name"):
        expect(page.locator(f"#id_{key}")).to_have_value(person.fields[key])
    corrected = f"{person.fields['name']} Neuname"
    fill(page, "name", corrected)
    if person.kind == "enterprise":
        page.locator("#id_attested").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_name")).to_have_value(corrected)
    return corrected


def switch_a_purpose_on_and_off(page: Page) -> None:
    page.goto("/settings/privacy/")
    for checked in (True, False):
        page.get_by_role("switch", name="User experience programme").click()
        expect(page.get_by_role("switch", name="User experience programme", checked=checked)).to_be_visible()
    assert page.get_by_role("link", name="See the receipt").count() == 3


def cancel(page: Page, person: Person) -> str:
    page.goto("/settings/cancel/")
    if "/sign-in/again/" in page.url:
        page.locator("#id_password").fill(person.fields["password"])
        page.get_by_role("button", name="Continue").click()
    page.locator("#id_confirmed").check()
    page.get_by_role("button", name="Cancel my account").click()
    return page.locator("#reference").inner_text()


def sign_in(page: Page, person: Person, login: str = "") -> None:
    page.goto("/sign-in/")
    page.locator("#id_login").fill(login or person.fields["username"])
    page.locator("#id_password").fill(person.fields["password"])
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def keep_the_account_after_all(page: Page, portal: LivePortal, person: Person) -> None:
    sign_in(page, person, person.fields["phone"])
    expect(page).to_have_url(f"{portal.url}/sign-in/undo/")
    page.get_by_role("button", name="Keep my account").click()
    expect(page).to_have_url(f"{portal.url}/home/")


def let_the_cooling_off_period_end(portal: LivePortal, reference: str) -> None:
    """Move the case's clock, as if seven days had passed."""
    portal.shell(
        "from datetime import timedelta\n"
        "from django.db.models import F\n"
        "from privacy.erasure.models import ErasureCase\n"
        "times = ('cancelled_at', 'due_at', 'deadline_at', 'next_attempt_at')\n"
        "earlier = {name: F(name) - timedelta(days=7) for name in times}\n"
        f"ErasureCase.objects.filter(reference={reference!r}).update(**earlier)"
    )
