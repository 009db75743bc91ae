"""The page of changes on a phone and on a desk: shapes stay, unchanged runs are folded, changes lead to each other."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.environment import SHARED
from tests.journeys.live import LivePortal
from tests.journeys.looking import take_picture, violations

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

PAIR = SHARED / "corpus" / "policies" / "given" / "edit-pairs" / "basecamp-big-rewrite"
TABLE = (
    "| Cookie | Purpose | Kept |\n|---|---|---|\n"
    "| consent | your answer | 1 year |\n| lang | your language | {kept} |\n"
)
ITEMS = "\n".join(f"- item number {number} of the data that we collect" for number in range(1, 9))
BEFORE = (
    "# Policy\n\n## 1. Data\n\nWe collect:\n\n"
    f"{ITEMS}\n\n## 2. Cookies\n\n{TABLE.format(kept='30 days')}\n"
    "## 3. Rights\n\n3.1 You may see your data.\n\n3.2 You may take it away.\n\n## 4. Sale\n\nWe sell nothing.\n"
)
AFTER = (
    BEFORE.replace("item number 8 of the data", "item number 8 of all the data")
    .replace("30 days", "60 days")
    .replace("## 4. Sale\n\nWe sell nothing.", "## 4. Children\n\nChildren ask their parents first.")
)
LANGUAGES = {"en-US": ("Changed clauses", "Next change", "clause"), "zh-CN": ("有变更的条款", "下一处变更", "条款")}


@pytest.fixture(scope="module")
def published(portal: LivePortal, tmp_path_factory: pytest.TempPathFactory) -> LivePortal:
    folder = tmp_path_factory.mktemp("policies")
    for label, text in (("shape-1", BEFORE), ("shape-2", AFTER)):
        publish(portal, folder, label, text)
    return portal


@pytest.mark.parametrize(
    ("width", "language"),
    [
        (375, "zh-CN"),
        pytest.param(1280, "en-US", marks=pytest.mark.long),
        pytest.param(375, "en-US", marks=pytest.mark.long),
        pytest.param(1280, "zh-CN", marks=pytest.mark.long),
    ],
)
def test_changes_are_read_in_their_shape(
    published: LivePortal, browser: Browser, screenshots: Path, language: str, width: int
):
    title, following, clause = LANGUAGES[language]
    page = opened(published, browser, language, width)
    page.goto("/policies/intl/changes/?since=shape-1&to=shape-2")
    take_picture(page, screenshots / f"changes-{language}-{width}.png")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator(".clause-change li ins")).to_have_count(1)
    expect(page.locator(".clause-change table tr")).to_have_count(3)
    expect(page.locator(".clause-change td ins")).to_contain_text("60")
    expect(page.locator(".clause-change details li").first).to_be_hidden()
    page.locator(".clause-change summary").first.click()
    expect(page.locator(".clause-change details li").first).to_be_visible()
    expect(page.locator("details.unchanged:not(.clause-change details) summary").first).to_contain_text(clause)
    assert walked(page, title, following) == ["#change-1", "#change-2", "#change-3"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@pytest.mark.long
@pytest.mark.shared
def test_a_rewritten_policy_fits_a_phone(portal: LivePortal, browser: Browser, tmp_path: Path, screenshots: Path):
    for label in ("before", "after"):
        publish(portal, tmp_path, f"rewrite-{label}", (PAIR / f"{label}.md").read_text())
    for width in (320, 375, 1280):
        page = opened(portal, browser, "en-US", width)
        page.goto("/policies/intl/changes/?since=rewrite-before&to=rewrite-after")
        take_picture(page, screenshots / f"rewrite-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


def opened(portal: LivePortal, browser: Browser, language: str, width: int) -> Page:
    viewport = {"width": width, "height": 800}
    return browser.new_context(base_url=portal.url, locale=language, viewport=viewport).new_page()


def walked(page: Page, title: str, following: str) -> list[str]:
    """Where a reader comes to who takes the first changed clause, and each next one."""
    page.get_by_role("navigation", name=title).get_by_role("link").first.click()
    places = [page.evaluate("location.hash")]
    while page.locator(places[-1]).get_by_role("link", name=following).count():
        page.locator(places[-1]).get_by_role("link", name=following).click()
        places.append(page.evaluate("location.hash"))
    return places


def publish(portal: LivePortal, folder: Path, label: str, text: str) -> None:
    document = folder / f"{label}.md"
    document.write_text(text)
    portal.manage(
        "import_policy", str(document), "--jurisdiction", "intl", "--version", label, "--language", "en", "--publish",
        "--editorial", "--yes",
    )  # fmt: skip
