"""A passkey in a real browser: added, used instead of the password, used as second step, removed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.looking import violations
from tests.journeys.people import Person, enterprise_in_germany
from tests.journeys.steps import register, sign_in

pytestmark = [pytest.mark.embedded, pytest.mark.browser]


@pytest.fixture
def page(portal: LivePortal, browser: Browser) -> Iterator[Page]:
    """A browser on a device that keeps passkeys. A passkey belongs to a name, so not to an address like 127.0.0.1."""
    context = browser.new_context(base_url=f"http://localhost:{portal.port}", locale="en-US")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    yield page
    context.close()


@pytest.fixture
def person(page: Page, portal: LivePortal) -> Person:
    person = enterprise_in_germany()
    register(page, person)
    for field in ("phone", "enterprise_email"):
        page.locator("#id_code").fill(portal.code_for(person.fields[field]))
        page.get_by_role("button", name="Verify").click()
        expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    page.goto("/home/")
    expect(page).to_have_url(f"{base(portal)}/home/")
    return person


def base(portal: LivePortal) -> str:
    return f"http://localhost:{portal.port}"


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()


def test_a_passkey_is_added_signs_in_and_is_removed(page: Page, portal: LivePortal, person: Person):
    page.goto("/settings/security/passkeys/")
    assert violations(page) == []
    page.get_by_role("button", name="Add a passkey").click()
    expect(page).to_have_url(f"{base(portal)}/settings/security/recovery-codes/")
    assert violations(page) == []
    page.goto("/settings/security/")
    expect(page.get_by_role("term").filter(has_text="Chrome on Linux")).to_be_visible()
    assert violations(page) == []

    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{base(portal)}/home/")

    sign_out(page)
    sign_in(page, person)
    expect(page).to_have_url(f"{base(portal)}/sign-in/second-step/")
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{base(portal)}/home/")

    page.goto("/sign-in/again/?next=/settings/profile/")
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{base(portal)}/settings/profile/")

    page.goto("/settings/security/")
    page.get_by_role("link", name="Remove Chrome on Linux").click()
    page.get_by_role("button", name="Remove Chrome on Linux").click()
    expect(page.get_by_role("term").filter(has_text="Chrome on Linux")).to_have_count(0)
    sign_out(page)
    sign_in(page, person)
    expect(page).to_have_url(f"{base(portal)}/home/")
    page.goto("/settings/security/events/")
    expect(page.get_by_text("Passkey removed")).to_be_visible()
    assert violations(page) == []


@pytest.mark.long
def test_an_app_is_set_up_on_a_page_that_everybody_can_read(page: Page, person: Person):
    page.goto("/settings/security/app/")
    expect(page.locator("figure.qr svg path")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_no_passkey_is_offered(portal: LivePortal, browser: Browser):
    page = browser.new_context(base_url=base(portal), locale="en-US", java_script_enabled=False).new_page()
    page.goto("/sign-in/")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    assert page.locator("main").get_by_role("button", name="Sign in", exact=True).is_visible()
