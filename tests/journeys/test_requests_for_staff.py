"""Staff in a browser: a partial refusal from the queue to its message, an extension until it counts, a letter filed."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal, wait_for
from tests.journeys.looking import take_picture, violations
from tests.journeys.staff import signed_in_page

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
ADDRESS = "wei@example.com"
# In one transaction, before a worker sees the proof: it would answer at once that there is no account.
FILE = """
from django.db import transaction
from privacy.rights.services import Asked, Asker, file_request
items, asker = [Asked({right!r}, "我的名字写错了，请更正。")], Asker("CN", "zh-hans", "email", {to!r})
with transaction.atomic():
    filed = file_request(items=items, asker=asker, channel="page", proof="one_code").request
    filed.items.update(state="with_staff")
print(filed.reference)
"""


def file(portal: LivePortal, right: str) -> str:
    """A request in Chinese that staff deal with; return its reference."""
    return portal.shell(FILE.format(right=right, to=ADDRESS)).split()[-1]


def look(page: Page, name: str, screenshots: Path) -> list[str]:
    """Take pictures, and return what axe finds and what is wider than a phone."""
    faults = []
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        take_picture(page, screenshots / f"requests-{name}-{width}.png")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{name}: wider than {width}")
    return faults + [f"{name}: {fault}" for fault in violations(page, preload=False)]


def refuse_in_part(officer: Page, reference: str, screenshots: Path) -> list[str]:
    """From the queue over the preview to the decision; return what axe finds."""
    officer.goto("/admin/")
    faults = look(officer, "first-page", screenshots)
    officer.goto("/admin/privacy/rightsrequest/")
    faults += look(officer, "queue", screenshots)
    officer.get_by_role("link", name=reference).click()
    officer.get_by_role("button", name="Take it").click()
    expect(officer.get_by_text("我的名字写错了")).to_be_visible()
    faults += look(officer, "page", screenshots)
    officer.get_by_role("link", name="Answer: done in part").click()
    officer.get_by_label("Begin with a template").select_option("partly")
    officer.get_by_role("button", name="Use this template").click()
    expect(officer.locator("#id_text")).to_have_value(
        "我们已办理：[已办理的内容]。\n\n以下内容无法办理：[未办理的内容及原因]。\n\n不予办理的依据及投诉途径见下文。"
    )
    officer.locator("#id_text").fill("我们已更正您的姓名。发票上的姓名依法保留。")
    officer.locator("#id_exception").select_option("1.7.11")
    officer.locator("#id_legal_basis").fill("PIPL art. 47")
    officer.locator("input[name=kept][value=account]").check()
    officer.locator("#id_kept_until").fill("2099-01-01 00:00")
    faults += look(officer, "decide", screenshots)
    officer.get_by_role("button", name="Preview").click()
    expect(officer.get_by_text("人民法院")).to_be_visible()
    expect(officer.get_by_text("您的申请已有答复").first).to_be_visible()
    faults += look(officer, "preview", screenshots)
    officer.get_by_role("button", name="Decide and send").click()
    expect(officer.get_by_text("Saved. The person gets a message")).to_be_visible()
    return faults


def extend(officer: Page, reference: str, screenshots: Path) -> list[str]:
    """From the form over the preview to the extension; return what axe finds."""
    officer.goto("/admin/privacy/rightsrequest/")
    officer.get_by_role("link", name=reference).click()
    officer.get_by_role("link", name="Extend the time").click()
    officer.locator("#id_reason").select_option("recipients")
    officer.locator("#id_text").fill("我们已向两家服务商查询。")
    faults = look(officer, "extend", screenshots)
    officer.get_by_role("button", name="Preview").click()
    expect(officer.get_by_text("您的申请需要更多办理时间").first).to_be_visible()
    faults += look(officer, "extension-preview", screenshots)
    officer.get_by_role("button", name="Extend and notify").click()
    expect(officer.get_by_text("Saved. The new due time takes effect")).to_be_visible()
    return faults


def file_a_letter(officer: Page, screenshots: Path) -> list[str]:
    """Five fields; return what axe finds."""
    officer.goto("/admin/privacy/rightsrequest/add/")
    officer.locator("input[name=rights][value=access]").check()
    officer.locator("#id_channel").select_option("letter")
    officer.locator("#id_received_at").fill("2026-11-20 09:30")
    officer.locator("#id_reach").fill("Wei\n1 Street")
    officer.locator("#id_country").select_option("DE")
    faults = look(officer, "file", screenshots)
    officer.get_by_role("button", name="File it").click()
    expect(officer.get_by_text("Filed as")).to_be_visible()
    return faults


def read_in_chinese(browser: Browser, officer: Page, portal: LivePortal, screenshots: Path) -> list[str]:
    """The same pages for a member of staff who reads Chinese; return what axe finds."""
    session = officer.context.storage_state()
    page = browser.new_context(base_url=portal.url, locale="zh-CN", storage_state=session).new_page()
    faults = []
    for name, path in {
        "queue": "",
        "add": "add/",
        "import": "import/",
        "counts": "counts/",
        "calendar": "calendar/",
    }.items():
        page.goto(f"/admin/privacy/rightsrequest/{path}")
        faults += look(page, f"zh-{name}", screenshots)
    page.goto(officer.url)
    expect(page.get_by_role("heading", name="申请事项")).to_be_visible()
    return faults + look(page, "zh-page", screenshots)


def see(page: Page, text: str) -> bool:
    """Whether a page says something now."""
    page.reload()
    return page.get_by_text(text).count() > 0


def test_staff_answer_extend_and_file_requests(portal: LivePortal, browser: Browser, screenshots: Path):
    first, second = file(portal, "correction"), file(portal, "question")
    officer = signed_in_page(browser, portal, "desk-officer", "Privacy officer")
    faults = refuse_in_part(officer, first, screenshots)
    wait_for(lambda: see(officer, "handed over"))
    expect(officer.get_by_text("Answer handed over")).to_be_visible()
    faults += look(officer, "closed", screenshots)
    faults += extend(officer, second, screenshots)
    wait_for(lambda: see(officer, "in force"))
    faults += look(officer, "extended", screenshots)
    faults += file_a_letter(officer, screenshots)
    faults += read_in_chinese(browser, officer, portal, screenshots)
    # The messages hold links, and nothing of the answer.
    said = json.dumps(portal.messages(ADDRESS), ensure_ascii=False)
    assert f"/requests/{first}/" in said
    assert "发票" not in said
    assert "服务商查询" not in said
    assert faults == []
