"""A person moves to the country of the other company: compares, agrees, signs in again, and reads the receipt."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal, wait_for
from tests.journeys.looking import follow, take_picture, violations
from tests.journeys.people import Person, enterprise_in_germany, individual_in_china
from tests.journeys.steps import answer_age_question, register, verify

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

COMPANIES = {"en-US": "Quectel Wireless Solutions", "zh-CN": "Quectel Connectivity Solutions doo Beograd"}


def signed_in(portal: LivePortal, browser: Browser, person: Person, language: str) -> Page:
    """Register, and go on with the same session in another language on a phone."""
    first = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    register(first, person)
    verify(first, portal, person)
    cookies = [cookie for cookie in first.context.cookies() if cookie["name"] != "language"]
    phone = browser.new_context(base_url=portal.url, locale=language, viewport={"width": 375, "height": 800})
    phone.add_cookies(cookies)
    return phone.new_page()


def look(page: Page, picture: Path) -> list[str]:
    """Look at a page on a phone and on a wide screen; return what axe finds wrong."""
    faults = violations(page)
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        take_picture(page, picture.with_stem(f"{picture.stem}-{width}"))
    return faults


@pytest.mark.parametrize(
    ("make_person", "country", "language"),
    [(enterprise_in_germany, "CN", "en-US"), (individual_in_china, "DE", "zh-CN")],
)
def test_a_person_moves_and_signs_in_there(
    portal: LivePortal,
    browser: Browser,
    screenshots: Path,
    make_person: Callable[[], Person],
    country: str,
    language: str,
):
    person = make_person()
    page = signed_in(portal, browser, person, language)
    page.goto("/settings/")
    follow(page, page.locator("main a[href='/settings/move/']").last)
    page.locator("#id_country").select_option(country)
    faults = look(page, screenshots / f"move-country-{language}.png")
    follow(page, page.locator("main form button.button"))
    expect(page.locator("table.records tbody tr")).to_have_count(10)
    faults += look(page, screenshots / f"move-facts-{language}.png")
    follow(page, page.locator("main a.button"))
    expect(page.locator("#portal_frame")).to_be_visible()
    if country == "DE":  # people agree alone from 16 there, and from 14 in China
        answer_age_question(page)
    faults += look(page, screenshots / f"move-agree-{language}.png")
    page.locator("#id_agreed").check()
    follow(page, page.locator("main form button.button"))
    expect(page).to_have_url(re.compile("/receipts/"))
    receipt = page.url
    wait_for(lambda: page.goto(receipt) and page.locator("#erased").count())
    faults += look(page, screenshots / f"move-receipt-{language}.png")
    page.goto("/sign-in/")
    page.locator("#id_login").fill(person.fields["username"])
    page.locator("#id_password").fill(person.fields["password"])
    page.locator("#id_password").press("Enter")
    expect(page).to_have_url(re.compile("/home/$"))
    expect(page.locator("footer")).to_contain_text(COMPANIES[language] if language == "zh-CN" else "Quectel")
    page.goto("/settings/profile/")
    expect(page.locator("#id_name")).to_have_value(person.fields["name"])
    expect(page.locator("#id_country")).to_have_value(country)
    assert faults == []
