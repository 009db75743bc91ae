"""What a browser does by itself with our forms: Enter, its own name of a time zone, and another language midway."""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations
from tests.journeys.people import individual_in_china
from tests.journeys.steps import agree, answer_age_question, choose_country, fill, open_menu, tell_about_oneself

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

MORE_ZONES = (
    ("Europe/Kiev", "Europe/Kyiv"),
    ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
    ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ("Europe/Berlin", "Europe/Berlin"),
)


def opened(portal: LivePortal, browser: Browser, zone: str = "Europe/Berlin", width: int = 375) -> Page:
    options = {"base_url": portal.url, "locale": "en-US", "viewport": {"width": width, "height": 800}}
    return browser.new_context(timezone_id=zone, **options).new_page()


@pytest.mark.parametrize(
    ("of_browser", "listed"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("UTC", "Etc/UTC"),
        *(pytest.param(*pair, marks=pytest.mark.long) for pair in MORE_ZONES),
    ],
)
def test_the_zone_of_a_browser_is_guessed_by_whichever_name(
    portal: LivePortal, browser: Browser, of_browser: str, listed: str
):
    page = opened(portal, browser, of_browser)
    page.goto("/register/individual/?country=DE")
    answer_age_question(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#id_time_zone")).to_have_value(listed)
    assert page.locator("#id_time_zone").input_value() == listed


@pytest.mark.long
def test_a_language_switch_keeps_what_was_typed_and_enter_sends_the_form(
    portal: LivePortal, browser: Browser, screenshots: Path
):
    person = individual_in_china()
    for width in (375, 1280):
        page = opened(portal, browser, width=width)
        page.goto("/register/individual/")
        choose_country(page, person)
        fill(page, "name", person.fields["name"])
        open_menu(page)
        page.get_by_role("button", name="简体中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
        expect(page.locator("#id_name")).to_have_value(person.fields["name"])
        assert violations(page) == []
        take_picture(page, screenshots / f"register-zh-{width}.png")
        if width == 375:
            page.context.close()
    page.locator("#id_phone").press("Enter")
    expect(page.locator(".summary")).to_be_visible()  # as by its button: what is missing is said
    tell_about_oneself(page, person)
    page.locator("button[value=check].button").click()
    page.locator("#id_password").press("Enter")
    expect(page.locator(".summary")).to_be_visible()
    fill(page, "password", person.fields["password"])
    agree(page, person)
    page.locator("#id_password").press("Enter")
    expect(page).to_have_url(f"{portal.url}/sign-in/verify/")


def test_the_browsers_own_back_loses_nothing_until_the_account_is_there(portal: LivePortal, browser: Browser):
    person = individual_in_china()
    page = opened(portal, browser)
    page.goto("/register/")
    choose_country(page, person)
    tell_about_oneself(page, person)
    assert violations(page) == []
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#id_password")).to_be_visible()
    assert violations(page) == []
    page.go_back()
    expect(page.locator("#portal_frame")).to_be_visible()
    page.go_back()
    for key in ("name", "phone", "email"):
        expect(page.locator(f"#id_{key}")).to_have_value(person.fields[key])
    page.locator("#id_phone").press("Enter")
    page.get_by_role("button", name="Continue").click()
    fill(page, "password", person.fields["password"])
    agree(page, person)
    page.get_by_role("button", name="Create account").click()
    expect(page).to_have_url(f"{portal.url}/sign-in/verify/")
    with suppress(Error):  # the browser no longer has the page, and says so
        page.go_back()
    page.wait_for_load_state()
    expect(page.get_by_text(person.fields["name"])).to_have_count(0)


def switch(page: Page, name: str, lang: str) -> None:
    open_menu(page)
    page.get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator("html")).to_have_attribute("lang", lang)


def test_back_after_a_switch_of_the_language_asks_for_no_form_again(portal: LivePortal, browser: Browser):
    page = opened(portal, browser)
    page.goto("/policies/")
    page.goto("/sign-in/")
    page.locator("#id_login").fill("nobody@example.org")
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".summary")).to_be_visible()
    switch(page, "简体中文", "zh-hans")
    page.go_back()  # raises where the browser asks to send a form again
    expect(page).to_have_url(f"{portal.url}/sign-in/")
    page.go_back()
    expect(page).to_have_url(f"{portal.url}/policies/")
    assert page.url == f"{portal.url}/policies/"


def test_back_and_forward_between_steps_in_two_languages_ask_for_no_form_again(portal: LivePortal, browser: Browser):
    page, person = opened(portal, browser), individual_in_china()
    page.goto("/register/")
    choose_country(page, person)
    tell_about_oneself(page, person)
    switch(page, "简体中文", "zh-hans")
    page.go_back()
    expect(page.locator("#portal_frame")).to_be_visible()
    page.go_back()
    expect(page.locator("#id_name")).to_be_visible()
    page.go_forward()
    page.go_forward()
    expect(page.locator("#portal_frame")).to_be_visible()
    assert page.locator("#portal_frame").count() == 1
