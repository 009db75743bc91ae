"""The policy page without scripts: sections fold on a phone, lie open on a desk and on paper, and can be linked to."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import SEED, SEED_LABEL, LivePortal
from tests.journeys.looking import violations

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.browser,
    pytest.mark.skipif(not SEED.exists(), reason="the operator's policy is not at hand"),
]

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 800}
# Other journeys publish later versions in the same portal.
POLICY = f"/policies/intl/{SEED_LABEL}/"
CLAUSE = "[id='6-1']"
FOLDS = "folds => folds.map(fold => fold.open)"


@pytest.fixture
def page(browser: Browser, portal: LivePortal) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = browser.new_context(base_url=portal.url, locale="en-US", viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_phone_shows_sections_folded_and_opens_one(page: Page):
    page.goto(POLICY)
    expect(page.locator(CLAUSE)).to_be_hidden()
    page.locator("summary", has_text="Your Rights").click()
    expect(page.locator(CLAUSE)).to_be_visible()
    assert page.locator(".fold").evaluate_all(FOLDS).count(True) == 1


def test_a_link_to_a_clause_opens_its_section(page: Page):
    page.goto(f"{POLICY}#6-1")
    expect(page.locator(CLAUSE)).to_be_in_viewport()
    page.goto(POLICY)
    page.locator(".policy-summary a[href='#1-1-1']").first.click()
    expect(page.locator("[id='1-1-1']")).to_be_in_viewport()
    assert page.locator("details:has([id='1-1-1'])").evaluate_all(FOLDS) == [True]


@pytest.mark.parametrize("media", ["screen", pytest.param("print", marks=pytest.mark.long)])
def test_on_a_desk_and_on_paper_every_section_lies_open(page: Page, media: str):
    page.set_viewport_size(DESK)
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(POLICY)
    assert page.locator(".fold").count() > 9
    assert page.locator(".fold").evaluate_all(FOLDS) == [False] * page.locator(".fold").count()
    assert [clause for clause in page.locator(".clause").all() if not clause.is_visible()] == []
    assert [summary for summary in page.locator(".fold > summary").all() if summary.is_visible()] == []
    expect(page.get_by_role("heading", name="Your Rights")).to_be_visible()


@pytest.mark.long
def test_the_version_and_its_digest_are_on_paper_only(page: Page):
    page.goto(POLICY)
    foot = page.locator(".running-foot")
    expect(foot).to_be_hidden()
    page.emulate_media(media="print")
    expect(foot).to_be_visible()
    assert page.locator("code.digest").text_content() in foot.text_content()


@pytest.mark.long
def test_contents_stay_beside_the_text(page: Page):
    page.set_viewport_size(DESK)
    page.goto(f"{POLICY}#6-1")
    expect(page.locator(".contents")).to_be_in_viewport()
    contents, clause = (page.locator(each).bounding_box() for each in (".contents", CLAUSE))
    assert contents["x"] + contents["width"] <= clause["x"]


@pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk", marks=pytest.mark.long)]
)
def test_axe_finds_nothing_with_a_section_open(browser: Browser, portal: LivePortal, size: dict[str, int]):
    page = browser.new_context(base_url=portal.url, locale="en-US", viewport=size).new_page()
    page.goto(f"{POLICY}#6-1")
    assert violations(page) == []
