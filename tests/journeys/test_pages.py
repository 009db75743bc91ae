"""Every page a person meets: accessible, narrow enough, light enough, and alone with the portal."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.live import LivePortal
from tests.journeys.looking import looks, take_picture, violations
from tests.journeys.pages import OPEN_TO_ALL, SIGNED_IN, signed_in
from tests.journeys.steps import answer_age_question

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

MOST_BYTES = 100_000
HEAVIEST = {"front", "individual", "policy"}


@pytest.mark.parametrize("language", ["en-US", pytest.param("zh-CN", marks=pytest.mark.long)])
def test_pages_pass_axe_and_fit_a_phone(portal: LivePortal, browser: Browser, screenshots: Path, language: str):
    context = browser.new_context(base_url=portal.url, locale=language)
    page = context.new_page()
    faults = look_at(page, OPEN_TO_ALL, screenshots, language)
    context.add_cookies(signed_in(portal, browser))
    page.goto("/settings/privacy/")
    receipt = str(page.locator("a[href^='/settings/privacy/receipts/']").first.get_attribute("href"))
    faults += look_at(page, SIGNED_IN | {"consent-receipt": receipt}, screenshots, language)
    assert faults == []


def test_a_form_with_errors_passes_axe_and_keeps_what_was_typed(portal: LivePortal, browser: Browser):
    phone = {"width": 375, "height": 800}
    page = browser.new_context(base_url=portal.url, locale="en-US", viewport=phone).new_page()
    page.goto("/register/individual/?country=DE")
    answer_age_question(page)
    page.get_by_role("button", name="Continue").click()
    page.locator("#id_name").fill("Jörg Groß")
    page.get_by_role("button", name="Continue").click()
    summary = page.locator(".summary")
    assert summary.evaluate("element => document.activeElement === element")
    summary.get_by_role("link", name="Username").click()
    assert page.locator("#id_username").evaluate("element => document.activeElement === element")
    assert page.locator("#id_name").input_value() == "Jörg Groß"
    widths = page.locator(".error").evaluate_all("errors => errors.map(error => error.offsetWidth)")
    assert min(widths) > phone["width"] / 2
    assert violations(page) == []


def test_no_page_asks_another_host_for_anything(portal: LivePortal, browser: Browser):
    page = browser.new_context(base_url=portal.url).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in OPEN_TO_ALL.values():
        page.goto(path)
    assert [url for url in asked if not url.startswith(portal.url)] == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=name, marks=() if name in HEAVIEST else pytest.mark.long)
        for name, path in OPEN_TO_ALL.items()
    ],
)
def test_a_page_is_light(portal: LivePortal, browser: Browser, path: str):
    page = browser.new_context(base_url=portal.url).new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(path, wait_until="networkidle")
    assert sum(sizes) < MOST_BYTES


def look_at(page: Page, pages: dict[str, str], screenshots: Path, language: str) -> list[str]:
    faults = []
    for name, path in pages.items():
        page.goto(path)
        for scheme, width in looks(language):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            take_picture(page, screenshots / f"{name}-{language}-{scheme}-{width}.png")
            faults += [f"{name} {scheme} {width}: {violation}" for violation in violations(page)]
        page.set_viewport_size({"width": 320, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            faults.append(f"{name} is wider than 320 pixels")
        if page.locator("h1").count() != 1:
            faults.append(f"{name} has not exactly one h1")
    return faults
