"""What a browser does by itself with our forms: Enter, its own name of a time zone, and another language midway."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations
from tests.journeys.people import individual_in_china
from tests.journeys.steps import choose_country, fill, open_menu

pytestmark = [pytest.mark.embedded, pytest.mark.browser]


def opened(portal: LivePortal, browser: Browser, zone: str = "Europe/Berlin", width: int = 375) -> Page:
    options = {"base_url": portal.url, "locale": "en-US", "viewport": {"width": width, "height": 800}}
    return browser.new_context(timezone_id=zone, **options).new_page()


@pytest.mark.parametrize(
    ("of_browser", "listed"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "Etc/UTC"),
        ("Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_the_zone_of_a_browser_is_guessed_by_whichever_name(
    portal: LivePortal, browser: Browser, of_browser: str, listed: str
):
    page = opened(portal, browser, of_browser)
    page.goto("/register/individual/?country=DE")
    expect(page.locator("#id_time_zone")).to_have_value(listed)
    assert page.locator("#id_time_zone").input_value() == listed


def test_a_language_switch_keeps_what_was_typed_and_enter_sends_the_form(
    portal: LivePortal, browser: Browser, screenshots: Path
):
    person = individual_in_china()
    for width in (375, 1280):
        page = opened(portal, browser, width=width)
        page.goto("/register/individual/")
        choose_country(page, person.country)
        for key, value in person.fields.items():
            fill(page, key, value)
        page.locator("#id_age_confirmed").check()
        open_menu(page)
        page.get_by_role("button", name="简体中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
        for key in ("name", "username", "phone"):
            expect(page.locator(f"#id_{key}")).to_have_value(person.fields[key])
        expect(page.locator("#id_password")).to_have_value("")
        assert violations(page) == []
        take_picture(page, screenshots / f"register-zh-{width}.png")
        if width == 375:
            page.context.close()
    page.locator("#id_phone").press("Enter")
    expect(page.locator(".summary")).to_be_visible()  # as by its button: what is missing is said
    expect(page.locator("#id_name")).to_have_value(person.fields["name"])
    fill(page, "password", person.fields["password"])
    page.locator("#id_agreed").check()
    page.locator("#id_phone").press("Enter")
    expect(page).to_have_url(f"{portal.url}/sign-in/verify/")
