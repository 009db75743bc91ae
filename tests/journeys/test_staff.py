"""The staff's day in a browser: a second factor, the first page, a person opened with a reason, a policy by two."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.looking import follow, take_picture, violations
from tests.journeys.people import Person, enterprise_in_germany
from tests.journeys.staff import signed_in_page
from tests.journeys.steps import register, verify

pytestmark = [pytest.mark.browser, pytest.mark.embedded, pytest.mark.long]


def look(page: Page, name: str, screenshots: Path) -> list[str]:
    """Take pictures, and return what axe finds."""
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        take_picture(page, screenshots / f"staff-{name}-{width}.png")
    found = violations(page)
    return [f"{name}: {fault}" for fault in found]


def find_and_open(officer: Page, own: Page, person: Person, screenshots: Path) -> list[str]:
    """Find a person, and open their data with a reason that they read themselves; return what axe finds."""
    officer.goto("/admin/accounts/user/")
    officer.locator("#id_who").fill(person.fields["phone"])
    officer.get_by_role("button", name="Find").click()
    expect(officer.get_by_text("Data, masked")).to_be_visible()
    expect(officer.get_by_text(person.fields["name"])).to_have_count(0)
    faults = look(officer, "person-masked", screenshots)
    officer.locator("#open_reason").select_option("support")
    officer.locator("#open_reference").fill("T-77")
    officer.get_by_role("button", name="Open", exact=True).click()
    expect(officer.get_by_text(person.fields["name"]).first).to_be_visible()
    faults += look(officer, "person-opened", screenshots)
    own.goto("/settings/privacy/access/")
    expect(own.get_by_text("T-77").first).to_be_visible()
    return faults


def propose_a_policy(operator: Page, document: Path, screenshots: Path) -> list[str]:
    """Import a version, check its clauses and propose it; return what axe finds."""
    document.write_text("# Policy\n\n1.1 We keep every promise, and one more.\n")
    operator.goto("/admin/privacy/policyversion/add/")
    operator.locator("[name=document]").set_input_files(document)
    operator.locator("[name=jurisdiction]").select_option("cn")
    operator.locator("[name=label]").fill("2099-01")
    operator.locator("[name=language]").fill("en")
    operator.locator("#content form input[type=submit]").click()
    follow(operator, operator.get_by_role("link", name="Check the clauses"))
    faults = look(operator, "clauses", screenshots)
    operator.get_by_label("Writing to you").fill("1.1")
    operator.get_by_role("button", name="Confirm these clauses").click()
    operator.locator("[name=change]").select_option("editorial")
    operator.locator("[name=effective_at]").fill("2099-01-01 00:00")
    faults += look(operator, "policy", screenshots)
    operator.get_by_role("button", name="Propose").click()
    expect(operator.get_by_text("You proposed it").first).to_be_visible()
    return faults


def test_staff_spend_their_day_in_the_admin(portal: LivePortal, browser: Browser, screenshots: Path, tmp_path: Path):
    person = enterprise_in_germany()
    own = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    register(own, person)
    verify(own, portal, person)
    officer = signed_in_page(browser, portal, "first-officer", "Privacy officer")
    expect(officer.get_by_text("Nothing has failed, and nothing is overdue").first).to_be_visible()
    faults = look(officer, "first-page", screenshots)
    faults += find_and_open(officer, own, person, screenshots)
    operator = signed_in_page(browser, portal, "first-operator", "Policy operator")
    faults += propose_a_policy(operator, tmp_path / "new.md", screenshots)
    officer.goto(operator.url)
    officer.get_by_role("button", name="Confirm and publish").click()
    expect(officer.get_by_text("Published. This text can no longer be changed.").first).to_be_visible()
    assert faults == []
