"""A service asks for what is missing: an enterprise gets its mark, on a phone, in both languages, without scripts."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.people import enterprise_in_germany
from tests.journeys.staff import signed_in_page
from tests.journeys.steps import register, verify
from tests.journeys.test_a_licence import DRAWN_WITHIN, approve_it, in_chinese, look, upload
from tests.licences import photo

pytestmark = [pytest.mark.browser, pytest.mark.embedded, pytest.mark.long]
MARK, NEWS = "/settings/services/verified_enterprise/", "/settings/services/product_news/"


def registered(browser: Browser, portal: LivePortal) -> Page:
    """An enterprise that gave no business address and no business period."""
    person = enterprise_in_germany()
    person = replace(person, fields={key: text for key, text in person.fields.items() if key != "business_address"})
    page = browser.new_context(base_url=portal.url, locale="en-US", viewport={"width": 375, "height": 800}).new_page()
    register(page, person)
    verify(page, portal, person)
    return page


def test_an_enterprise_gives_what_its_mark_needs_and_gets_it(portal: LivePortal, browser: Browser, screenshots: Path):
    page = registered(browser, portal)
    page.get_by_role("link", name="See what is missing").click()
    expect(page.get_by_text("Details missing")).to_be_visible()
    faults = look(page, "services", screenshots)
    page.get_by_role("link", name="Verified enterprise mark").click()
    expect(page.get_by_text("To write to you.")).to_be_visible()
    faults += look(page, "service", screenshots)
    chinese = in_chinese(browser, page)
    chinese.goto("/settings/services/")
    expect(chinese.get_by_text("待补充")).to_be_visible()
    faults += look(chinese, "zh-services", screenshots)
    chinese.goto(MARK)
    expect(chinese.get_by_role("heading", name="认证企业标识")).to_be_visible()
    faults += look(chinese, "zh-service", screenshots)
    page.goto(MARK)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".summary")).to_be_focused()
    faults += look(page, "service-errors", screenshots)
    page.locator("#id_business_address").fill("Lindenstraße 1, 10969 Berlin")
    page.locator("#id_business_period_start").fill("2020-01-02")
    page.get_by_label("No fixed term").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: 3 fields changed.")).to_be_visible()
    page.get_by_role("link", name="Upload your licence").click()
    upload(page, "photo.jpg", photo())
    expect(page.get_by_role("heading", name="In review")).to_be_visible(timeout=DRAWN_WITHIN)
    page.goto(MARK)
    expect(page.get_by_text("Our staff are looking at it")).to_be_visible()
    faults += look(page, "service-in-review", screenshots)
    approve_it(signed_in_page(browser, portal, "mark-reviewer", "Reviewer"))
    page.goto(MARK)
    expect(page.get_by_text("We have all that this service needs.")).to_be_visible()
    faults += look(page, "service-met", screenshots)
    page.goto("/home/")
    expect(page.get_by_text("Verified enterprise", exact=True)).to_be_visible()
    assert faults + look(page, "home-verified", screenshots) == []


def test_without_scripts_it_is_given_and_leads_back(portal: LivePortal, browser: Browser):
    state = registered(browser, portal).context.storage_state()
    plain = browser.new_context(base_url=portal.url, locale="en-US", storage_state=state, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{MARK}?next=/settings/privacy/")
    page.locator("#id_business_address").fill("Lindenstraße 1, 10969 Berlin")
    page.locator("#id_business_period_start").fill("2020-01-02")
    page.locator("input[type=checkbox][name=business_period_end]").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: 3 fields changed.")).to_be_visible()
    expect(page).to_have_url(f"{portal.url}{MARK}?next=%2Fsettings%2Fprivacy%2F")
    page.goto(f"{NEWS}?next=/settings/privacy/")
    page.get_by_role("link", name="Continue").click()
    expect(page).to_have_url(f"{portal.url}/settings/privacy/")
    assert page.locator("h1").count() == 1
