"""A copy of one's data is read on a phone, kept as one file that opens without a network, and printed."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations
from tests.journeys.people import enterprise_in_germany
from tests.journeys.steps import register, verify

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.long]
SECTIONS = {"en-US": ["Who you are", "What you agreed to"], "zh-CN": ["基本信息", "您同意的内容"]}


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_a_copy_is_read_kept_and_printed(
    portal: LivePortal, browser: Browser, tmp_path: Path, screenshots: Path, language: str
):
    english = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    person = enterprise_in_germany()
    register(english, person)
    verify(english, portal, person)
    context = browser.new_context(base_url=portal.url, locale=language, viewport={"width": 375, "height": 800})
    context.add_cookies(english.context.cookies())
    page = context.new_page()
    page.goto("/settings/privacy/copy/")
    page.locator("form .button").click()
    page.locator("a.button", has_text="").first.click()  # the page asks again by itself until the worker is done
    for heading in SECTIONS[language]:
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert look(page, screenshots / f"copy-page-{language}") == []

    with page.expect_download() as download:
        page.locator("a.button").click()
    kept = tmp_path / "my-data.html"
    download.value.save_as(kept)
    offline = browser.new_context(offline=True, locale=language).new_page()
    asked: list[str] = []
    offline.on("request", lambda request: asked.append(request.url))
    offline.goto(kept.as_uri())
    expect(offline.get_by_text(person.fields["business_address"])).to_be_visible()
    assert asked == [kept.as_uri()]
    assert look(offline, screenshots / f"copy-file-{language}") == []
    offline.pdf(path=screenshots / f"copy-{language}.pdf", format="A4")
    offline.emulate_media(media="print")
    assert offline.locator("nav.contents").is_hidden()
    assert offline.locator("table.records thead").first.is_visible()


def look(page: Page, picture: Path) -> list[str]:
    """Return what is wrong with a page on a phone and on a wide screen."""
    faults = []
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        take_picture(page, f"{picture}-{width}.png")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"wider than {width} pixels")
        faults += violations(page)
    return faults
