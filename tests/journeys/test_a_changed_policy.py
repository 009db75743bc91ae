"""A material change of the policy: the gate shows it, and lets a person accept, take a copy, or cancel."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from privacy.policies.published import REMEMBERED_SECONDS
from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations
from tests.journeys.people import enterprise_in_germany
from tests.journeys.steps import register, verify

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.long]

FIRST = (
    "# Policy\n\n## 1. What we collect\n\n1.1 Your name and your phone number.\n\n## 2. Contact\n\n2.1 Write to us.\n"
)
SECOND = FIRST.replace("phone number.", "phone number and your shoe size.")


def test_the_gate_opens_only_by_an_answer(portal: LivePortal, browser: Browser, tmp_path: Path, screenshots: Path):
    publish(portal, tmp_path, "gate-1", FIRST)
    page = browser.new_context(base_url=portal.url, locale="en-US", viewport={"width": 375, "height": 800}).new_page()
    person = enterprise_in_germany()
    register(page, person)
    verify(page, portal, person)
    publish(portal, tmp_path, "gate-2", SECOND)
    page.wait_for_timeout(REMEMBERED_SECONDS * 1000)  # another process published it: no sooner is the gate promised

    for path in ("/settings/profile/", "/settings/privacy/", "/settings/security/"):
        page.goto(path)
        expect(page.get_by_text("need your answer")).to_be_visible()
    page.goto("/home/")
    expect(page).to_have_url(f"{portal.url}/settings/privacy/changes/")
    expect(page.locator("ins")).to_contain_text("shoe size")
    expect(page.get_by_role("link", name="Cancel my account")).to_be_visible()
    assert violations(page) == []
    take_picture(page, screenshots / "gate.png")

    page.get_by_role("link", name="Get a copy of my data").click()
    page.get_by_role("button", name="Request a copy").click()
    with page.expect_download() as copy:  # the page asks again by itself until the worker is done
        page.get_by_role("link", name="Download it as JSON").click()
    assert person.fields["name"] in copy.value.path().read_text()
    page.goto("/settings/cancel/")
    expect(page).to_have_url(re.compile("/settings/cancel/"))

    page.goto("/settings/privacy/changes/")
    page.locator("#id_agreed").check()
    page.get_by_label(re.compile("^Product news")).check()
    page.get_by_role("button", name="Agree and continue").click()
    expect(page).to_have_url(f"{portal.url}/settings/privacy/")
    expect(page.get_by_text("Turned on: Product news")).to_be_visible()
    expect(page.get_by_text("Agreed to version gate-2", exact=True)).to_be_visible()
    page.goto("/home/")
    expect(page.get_by_text("You agreed to version gate-2")).to_be_visible()


def publish(portal: LivePortal, folder: Path, label: str, text: str) -> None:
    document = folder / f"{label}.md"
    document.write_text(text)
    portal.manage(
        "import_policy", str(document), "--jurisdiction", "intl", "--version", label, "--language", "en", "--publish",
        "--yes",
    )  # fmt: skip
