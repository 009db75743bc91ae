"""An enterprise hands in its licence: a refused file, a return by staff, a second upload, an approval."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations
from tests.journeys.people import Person, enterprise_in_germany
from tests.journeys.staff import signed_in_page
from tests.journeys.steps import register, verify
from tests.licences import photo
from tests.privacy.pictures.files import pdf

pytestmark = [pytest.mark.browser, pytest.mark.embedded, pytest.mark.long]
PAGE = "/settings/licence/"


def look(page: Page, name: str, screenshots: Path) -> list[str]:
    """Take pictures on a phone and on a desk, and return what axe finds and what is wider than either."""
    faults = []
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        take_picture(page, screenshots / f"licence-{name}-{width}.png")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{name}: wider than {width}")
    return faults + [f"{name}: {fault}" for fault in violations(page, preload=False)]


def in_chinese(browser: Browser, page: Page) -> Page:
    """The same person in a browser that asks for Chinese."""
    state = page.context.storage_state()
    other = browser.new_context(base_url=page.url.partition("/settings")[0], locale="zh-CN", storage_state=state)
    other.add_cookies([{"name": "language", "value": "zh-hans", "url": page.url}])
    return other.new_page()


# Milliseconds: a busy machine draws a file in some seconds.
DRAWN_WITHIN = 30_000


def upload(page: Page, name: str, data: bytes, button: str = "Upload") -> None:
    page.locator("#id_file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    page.get_by_role("button", name=button, exact=True).click()


def hand_in(page: Page, screenshots: Path) -> list[str]:
    """A file that is refused, then a PDF of two pages; return what axe finds."""
    page.goto("/home/")
    page.get_by_role("link", name="Upload your licence").first.click()
    expect(page.locator("#id_file")).to_be_visible()
    faults = look(page, "none", screenshots)
    upload(page, "licence.docx", b"words")
    expect(page.locator(".summary")).to_be_focused()
    expect(page.get_by_text("This is neither a PDF").first).to_be_visible()
    faults += look(page, "refused", screenshots)
    # The form that the answer brought sends as the first one did.
    upload(page, "LICENCE.PDF", pdf(2))
    expect(page.get_by_role("heading", name="In review")).to_be_visible(timeout=DRAWN_WITHIN)
    expect(page.locator(".pictures img")).to_have_count(2)
    page.wait_for_function("[...document.images].every(image => image.loading === 'lazy' || image.naturalWidth > 0)")
    return faults + look(page, "in-review", screenshots)


def open_licence(reviewer: Page) -> None:
    """Open the newest licence: that of this test, whatever earlier ones left in the queue."""
    reviewer.goto("/admin/accounts/licence/?needs=review")
    reviewer.locator("#result_list tbody th a").last.click()
    reviewer.locator("#id_reason").select_option("request")
    reviewer.get_by_role("button", name="Open", exact=True).click()
    expect(reviewer.locator(".pictures img").first).to_be_visible()


def return_it(reviewer: Page, screenshots: Path) -> list[str]:
    """From the first page to the return; return what axe finds."""
    reviewer.goto("/admin/")
    expect(reviewer.get_by_text("Business licences to review").first).to_be_visible()
    faults = look(reviewer, "first-page", screenshots)
    open_licence(reviewer)
    faults += look(reviewer, "review", screenshots)
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.get_by_text("confirm each detail").first).to_be_visible()
    faults += look(reviewer, "review-errors", screenshots)
    reviewer.locator("#id_code").select_option("unreadable")
    reviewer.locator("#id_words").fill("The stamp cannot be read.")
    reviewer.get_by_role("button", name="Return").click()
    expect(reviewer.get_by_text("Done. The person gets a message.")).to_be_visible()
    return faults + look(reviewer, "queue", screenshots)


def approve_it(reviewer: Page) -> None:
    open_licence(reviewer)
    for choice in reviewer.get_by_label("as on the licence", exact=True).all():
        choice.check()
    reviewer.locator("#id_term_none").check()
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.get_by_text("Done. The person gets a message.")).to_be_visible()


def test_an_enterprise_is_returned_its_licence_and_approved(portal: LivePortal, browser: Browser, screenshots: Path):
    person: Person = enterprise_in_germany()
    page = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    register(page, person)
    verify(page, portal, person)
    faults = hand_in(page, screenshots)
    reviewer = signed_in_page(browser, portal, "licence-reviewer", "Reviewer")
    faults += return_it(reviewer, screenshots)
    chinese = in_chinese(browser, page)
    chinese.goto(PAGE)
    expect(chinese.get_by_role("heading", name="已退回，请重新提交")).to_be_visible()
    expect(chinese.get_by_text("The stamp cannot be read.")).to_be_visible()
    faults += look(chinese, "zh-returned", screenshots)
    upload(chinese, "photo.jpg", photo(), "上传")
    expect(chinese.get_by_role("heading", name="审核中")).to_be_visible(timeout=DRAWN_WITHIN)
    chinese_staff = in_chinese(browser, reviewer)
    approve_it(reviewer)
    chinese_staff.goto(f"{portal.url}/admin/accounts/licence/")
    faults += look(chinese_staff, "zh-list", screenshots)
    page.goto(PAGE)
    expect(page.get_by_text("without a fixed term").first).to_be_visible()
    faults += look(page, "approved", screenshots)
    said = str(portal.messages(person.fields["enterprise_email"]))
    assert "Your business licence is approved" in said
    assert "stamp" not in said
    assert faults == []


def test_without_scripts_the_form_is_sent_as_any_other(portal: LivePortal, browser: Browser):
    person = enterprise_in_germany()
    page = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    register(page, person)
    verify(page, portal, person)
    state = page.context.storage_state()
    plain = browser.new_context(base_url=portal.url, locale="en-US", storage_state=state, java_script_enabled=False)
    plain = plain.new_page()
    plain.goto(PAGE)
    upload(plain, "photo.jpeg", photo())
    expect(plain.get_by_role("heading", name="In review")).to_be_visible(timeout=DRAWN_WITHIN)
    assert plain.locator(".pictures img").count() == 1
