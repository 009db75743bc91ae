"""A person under the operator's own policy: what each page, receipt and message says, from registration to the last."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import SEED, LivePortal, wait_for
from tests.journeys.looking import take_picture
from tests.journeys.people import Person, enterprise_in_germany, individual_in_china
from tests.journeys.steps import agree, choose_country, fill, let_the_cooling_off_period_end, tell_about_oneself

pytestmark = [pytest.mark.shared, pytest.mark.embedded, pytest.mark.browser, pytest.mark.long]

# What sets the two walks apart, and how receipts begin to say until when data is kept.
WALKS = {
    "en-US": (enterprise_in_germany, "intl", "2", "until the account is cancelled"),
    "zh-CN": (individual_in_china, "cn", "1", "至账号注销"),
}
CONTACT = "Contact you to resolve an issue."
# A later text, in which the clause about messages has another number.
LATER = (("2.2.8 Other", "2.2.9 Other"), (f"2.2.7 {CONTACT}", f"2.2.7 Share figures.</p><p>2.2.8 {CONTACT}"))
# As the browser asks for it, in the language of its person.
FETCHED = "link => fetch(link).then(answer => answer.json())"
LATEST = {"walk-3": ["--effective", "2098-01-01T00:00:00+00:00"]}
NEW_PASSWORD = "Granite-Willow-Basket-7263"


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_a_person_meets_a_changed_policy_and_leaves(
    portal: LivePortal, browser: Browser, tmp_path: Path, screenshots: Path, language: str
):
    make_person, jurisdiction, variant, kept_until = WALKS[language]
    text = SEED.read_text(encoding="utf-8")
    publish(portal, tmp_path, jurisdiction, variant, {"walk-1": text})
    person, page = make_person(), opened(portal, browser, language)
    register(page, portal, person)
    switch_off(page, "user_experience")

    for now, then in LATER:
        text = text.replace(now, then)
    publish(portal, tmp_path, jurisdiction, variant, {"walk-2": text, "walk-3": f"{text}\n"})
    what_changes = f"{portal.url}/policies/{jurisdiction}/changes/?since=walk-1&to="
    wait_for(lambda: any(f"{what_changes}walk-2" in body for body in bodies(portal, person)))
    wait_for(lambda: any(f"{what_changes}walk-3" in body and "2098" in body for body in bodies(portal, person)))
    at_the_gate(page, person)
    take_picture(page, screenshots / f"walk-gate-{language}.png")
    answer(page)
    assert receipts(page, portal, kept_until) == [
        ("walk-2", "accepted", {"product_news"}, "2.2.8"),
        ("walk-1", "withdrew", {"user_experience"}, "2.2.7"),
        ("walk-1", "registered", {"user_experience"}, "2.2.7"),
    ]
    page.goto("/home/")
    expect(page).to_have_url(re.compile("/home/$"))  # the scheduled version is announced only
    an_old_tab_reverts_nothing(page)
    leave_stay_and_leave(page, portal, person, screenshots / f"walk-receipt-{language}.png")
    addresses = re.findall(r"https?://[^\s，。]+", "\n".join(bodies(portal, person)))
    assert len(addresses) >= 6
    assert [address for address in addresses if not address.startswith(f"{portal.url}/")] == []


def opened(portal: LivePortal, browser: Browser, language: str) -> Page:
    """A phone that reaches the portal under another name than its own, which no link may repeat."""
    viewport = {"width": 375, "height": 800}
    return browser.new_context(
        base_url=f"http://localhost:{portal.port}", locale=language, viewport=viewport
    ).new_page()


def publish(portal: LivePortal, folder: Path, jurisdiction: str, variant: str, texts: dict[str, str]) -> None:
    """Publish texts by label, in one process; `walk-3` comes into force in 2098 only."""
    code = "from django.core.management import call_command as call\n"
    for label, text in texts.items():
        document = folder / f"{label}.txt"
        document.write_text(text, encoding="utf-8")
        arguments = ["import_policy", str(document), "--jurisdiction", jurisdiction, "--version", label]
        arguments += ["--language", "en", "--variant", variant, "--publish", "--yes"]
        code += f"call(*{arguments + LATEST.get(label, [])!r})\n"
    portal.shell(code)


def bodies(portal: LivePortal, person: Person) -> list[str]:
    """What was written to a person, by whichever channel, oldest first."""
    return [message["body"] for to in person.fields.values() for message in portal.messages(to)]


def register(page: Page, portal: LivePortal, person: Person) -> None:
    page.goto(f"/register/{person.kind}/?country={person.country}")
    choose_country(page, person)
    tell_about_oneself(page, person)
    page.locator("button[value=check].button").click()
    fill(page, "password", person.fields["password"])
    agree(page, person)
    page.locator("[name=purposes][value=user_experience]").check()
    page.locator("#id_password").press("Enter")
    for key in ("phone", "enterprise_email"):
        if key in person.fields:
            expect(page.locator("#id_code")).to_have_value("")
            page.locator("#id_code").fill(portal.code_for(person.fields[key]))
            page.locator("#id_code").press("Enter")
            expect(page.locator("form[action='/sign-out/']")).to_be_attached()


def switch_off(page: Page, purpose: str) -> None:
    """Withdraw: the page names what was, in the words of the switch."""
    page.goto(f"/settings/privacy/purposes/{purpose}/")
    name = page.locator("h1").inner_text()
    page.locator("main form button").click()
    expect(page.locator(".timeline li h3").first).to_contain_text(name)
    expect(page.locator(".timeline li")).to_have_count(2)


def at_the_gate(page: Page, person: Person) -> None:
    """Data is seen, not changed; the account is secured."""
    wait_for(lambda: page.goto("/home/") and page.url.endswith("/settings/privacy/changes/"))
    page.goto("/settings/profile/")
    expect(page.locator("#id_name")).to_have_value(person.fields["name"])
    page.locator("#id_name").fill("Changed at the gate")
    page.locator("#id_name").press("Enter")
    expect(page).to_have_url(re.compile("/settings/privacy/changes/$"))
    page.goto("/settings/security/password/")
    page.locator("#id_current").fill(person.fields["password"])
    page.locator("#id_password").fill(NEW_PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page).to_have_url(re.compile("/settings/security/$"))
    page.goto("/settings/privacy/")
    expect(page.locator("main .banner")).to_have_count(1)  # that of the gate, and none that calls it one of the wording


def answer(page: Page) -> None:
    """No box is ticked in advance, and an unticked purpose is off."""
    page.goto("/settings/privacy/changes/")
    expect(page.locator("#change-1")).to_be_visible()
    purposes = page.locator("[name=purposes]")
    expect(purposes).to_have_count(2)
    assert not any(box.is_checked() for box in [*purposes.all(), page.locator("#id_agreed")])
    page.locator("[name=purposes][value=product_news]").check()
    page.locator("#id_agreed").check()
    page.locator("#id_agreed").press("Enter")
    expect(page.locator(".timeline li")).to_have_count(3)


def receipts(page: Page, portal: LivePortal, kept_until: str) -> list[tuple[str, str, set[str], str]]:
    """Download every receipt; of each, the version, the act, the optional purposes it names, and a clause."""
    links = page.locator(".timeline a[href*='/receipts/']").evaluate_all("links => links.map(link => link.pathname)")
    return [summary(page.evaluate(FETCHED, f"{link.rstrip('/')}.json"), portal, kept_until) for link in links]


def summary(receipt: dict[str, Any], portal: LivePortal, kept_until: str) -> tuple[str, str, set[str], str]:
    told, (event,) = receipt["pii_processing"], receipt["event"]
    purposes = {purpose["purpose_type"]: purpose for purpose in told["purposes"]}
    assert all(purpose["lawful_basis"] for purpose in purposes.values())
    assert told["collection_method"]
    assert told["retention_period"].startswith(kept_until)
    assert [url for url in re.findall(r"https?://[^\"]+", json.dumps(receipt)) if not url.startswith(portal.url)] == []
    optional = {key for key in event["purposes"] if purposes[key]["optional"]}
    return told["privacy_notice_version"], event["event_type"], optional, purposes["messages"]["clause"]


def an_old_tab_reverts_nothing(page: Page) -> None:
    """Another field of an old tab is saved beside the newer correction; the same one asks which is right."""
    old, same = page.context.new_page(), page.context.new_page()
    for tab in (page, old, same):
        tab.goto("/settings/profile/")
    for tab, field, value in ((page, "name", "Newer"), (old, "company_name", "Beside it")):
        tab.locator(f"#id_{field}").fill(value)
        if field == "name" and tab.locator("#id_attested").count():  # only an enterprise gives another person's name
            tab.locator("#id_attested").check()
        tab.locator(f"#id_{field}").press("Enter")
        expect(tab.locator("[role=status]")).to_be_visible()
        expect(tab.locator("#id_name")).to_have_value("Newer")
    same.locator("#id_name").fill("Older")
    same.locator("#id_name").press("Enter")
    expect(same.locator(".summary")).to_contain_text("Newer")
    page.goto("/settings/profile/")
    expect(page.locator("#id_name")).to_have_value("Newer")
    expect(page.locator("#id_company_name")).to_have_value("Beside it")


def leave_stay_and_leave(page: Page, portal: LivePortal, person: Person, picture: Path) -> None:
    """Message, page and button call it the same as long as it can be undone, and none offers it after that."""
    cancel(page)
    keep = way_back(page, portal, person)
    page.locator("form.card button").click()
    expect(page).to_have_url(re.compile("/home/$"))
    reference = cancel(page)
    expect(page.locator("main a[href='/sign-in/']")).to_be_visible()
    expect(page.get_by_text(keep).first).to_be_visible()
    take_picture(page, picture)
    let_the_cooling_off_period_end(portal, reference)
    wait_for(lambda: page.goto(f"/receipts/{reference}/") and page.locator("#erased").count())
    expect(page.locator("main a[href='/sign-in/']")).to_have_count(0)
    expect(page.get_by_text(keep)).to_have_count(0)
    last = f"{portal.url}/receipts/{reference}/"
    wait_for(lambda: any(last in body and keep not in body for body in bodies(portal, person)))


def cancel(page: Page) -> str:
    page.goto("/settings/cancel/")
    page.locator("#id_confirmed").check()
    page.locator("#id_confirmed").press("Enter")
    return page.locator("#reference").inner_text()


def way_back(page: Page, portal: LivePortal, person: Person) -> str:
    """Follow the receipt's button to the page that keeps the account; return what all of them call that."""
    page.locator("main a[href='/sign-in/']").click()
    sign_in(page, person)
    keep = page.locator("form.card button").inner_text()
    assert page.locator("form.card h2").inner_text() == keep
    wait_for(lambda: any(keep in body for body in bodies(portal, person)))
    return keep


def sign_in(page: Page, person: Person) -> None:
    page.goto("/sign-in/")
    page.locator("#id_login").fill(person.fields["username"])
    page.locator("#id_password").fill(NEW_PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/undo/$"))
