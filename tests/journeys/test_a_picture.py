"""Somebody asks for another person, sends a picture of a document, and staff look at it, which the person sees."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations
from tests.journeys.staff import signed_in_page

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
ASK = """
from privacy.rights.models.requests import RightsRequest
from privacy.rights.proof.pictures import ask_for_picture
ask_for_picture(request=RightsRequest.objects.get(reference={reference!r}), role="Support")
"""
# One grey point.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
WORDS = {"en-GB": ("Send request", "Send a picture", "Send the picture"), "zh-CN": ("提交申请", "提交照片", "提交照片")}


def look(page: Page, name: str, screenshots: Path) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    take_picture(page, screenshots / f"{name}.png")


def ask_for_another(page: Page, send: str) -> str:
    """File the request, after one without the statement; return its reference."""
    page.goto("/requests/")
    attested = page.locator("#id_attested")
    expect(attested).not_to_be_visible()
    page.locator("input[name=rights][value=access]").check()
    page.locator("input[name=about][value=other]").check()
    expect(attested).to_be_visible()
    page.locator("#id_contact").fill("nurse@post.example")
    page.locator("#id_country").select_option("DE")
    page.get_by_role("button", name=send).click()
    expect(page.locator(".summary")).to_be_visible()
    attested.check()
    page.get_by_role("button", name=send).click()
    expect(page).to_have_url(re.compile("/requests/[0-9A-Z-]{23}/$"))
    return page.url.split("/")[-2]


@pytest.mark.parametrize("language", list(WORDS))
def test_a_picture_is_sent_seen_and_noted(portal: LivePortal, browser: Browser, screenshots: Path, language: str):
    send, open_form, send_picture = WORDS[language]
    viewport = {"width": 375, "height": 800}
    page = browser.new_context(base_url=portal.url, locale=language, viewport=viewport).new_page()  # type: ignore[arg-type]
    reference = ask_for_another(page, send)
    portal.shell(ASK.format(reference=reference))
    page.reload()
    look(page, f"picture-asked-{language}", screenshots)
    page.get_by_role("link", name=open_form).click()
    for name, content in (("a.pdf", b"%PDF-1.7"), ("a.png", PNG)):
        page.locator("#id_picture").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
        page.get_by_role("button", name=send_picture).click()
        if name == "a.pdf":
            expect(page.locator(".summary")).to_be_visible()
            look(page, f"picture-refused-{language}", screenshots)
    expect(page).to_have_url(re.compile(f"/requests/{reference}/$"))
    officer = signed_in_page(browser, portal, f"looks-{language}".lower(), "Privacy officer")
    officer.goto("/admin/privacy/rightsrequest/")
    officer.get_by_role("link", name=reference).click()
    officer.locator("select[name=reason]").select_option("authority")
    with officer.expect_response(lambda answer: answer.url.endswith("/picture/")) as seen:
        officer.locator("form[action$='/picture/'] input[type=submit]").click()
    assert (seen.value.headers["content-type"], seen.value.status) == ("image/png", 200)
    expect(officer.locator("img")).to_be_visible()
    steps = page.locator(".timeline li").count()
    page.reload()
    expect(page.locator(".timeline li")).to_have_count(steps + 1)
    look(page, f"picture-seen-{language}", screenshots)
