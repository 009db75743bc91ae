"""Every page a person meets: accessible, narrow enough, light enough, and alone with the portal."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.environment import IS_LONG
from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations
from tests.journeys.people import enterprise_in_germany
from tests.journeys.steps import register, verify

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

OPEN_TO_ALL = {
    "front": "/",
    "choose": "/register/",
    "individual": "/register/individual/?country=CN",
    "enterprise": "/register/enterprise/?country=DE",
    "sign-in": "/sign-in/",
    "recover": "/recover/",
    "policy": "/policies/intl/",
    "policies": "/policies/",
    "receipt": "/receipts/",
    "missing": "/nothing-here/",
    "design": "/design/",
}
SIGNED_IN = {
    "home": "/home/",
    "settings": "/settings/",
    "devices": "/settings/devices/",
    "profile": "/settings/profile/",
    "security": "/settings/security/",
    "app": "/settings/security/app/",
    "passkeys": "/settings/security/passkeys/",
    "events": "/settings/security/events/",
    "privacy": "/settings/privacy/",
    "purpose": "/settings/privacy/purposes/product_news/",
    "copies": "/settings/privacy/copy/",
    "accesses": "/settings/privacy/access/",
    "cancel": "/settings/cancel/",
}
EVERY_LOOK = [("light", 375), ("dark", 1280), ("light", 1280), ("dark", 375)]
LOOKS = {"en-US": EVERY_LOOK if IS_LONG else EVERY_LOOK[:1], "zh-CN": EVERY_LOOK if IS_LONG else EVERY_LOOK[1:2]}
MOST_BYTES = 100_000


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_pages_pass_axe_and_fit_a_phone(portal: LivePortal, browser: Browser, screenshots: Path, language: str):
    context = browser.new_context(base_url=portal.url, locale=language)
    page = context.new_page()
    faults = look_at(page, OPEN_TO_ALL, screenshots, language)
    english = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    person = enterprise_in_germany()
    register(english, person)
    verify(english, portal, person)
    context.add_cookies(english.context.cookies())
    faults += look_at(page, SIGNED_IN, screenshots, language)
    assert faults == []


def test_a_form_with_errors_passes_axe_and_keeps_what_was_typed(portal: LivePortal, browser: Browser):
    phone = {"width": 375, "height": 800}
    page = browser.new_context(base_url=portal.url, locale="en-US", viewport=phone).new_page()
    page.goto("/register/individual/?country=DE")
    page.locator("#id_name").fill("Jörg Groß")
    page.get_by_role("button", name="Create account").click()
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


@pytest.mark.parametrize("path", OPEN_TO_ALL.values(), ids=OPEN_TO_ALL)
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
        for scheme, width in LOOKS[language]:
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
