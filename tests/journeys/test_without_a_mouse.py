"""Every page by keyboard alone, at 400 % zoom, and by its names in the accessibility tree (WCAG 2.2, AA)."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.live import LivePortal
from tests.journeys.pages import OPEN_TO_ALL, SIGNED_IN, signed_in

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.long]

PAGES = OPEN_TO_ALL | SIGNED_IN
# WCAG 1.4.10: a window of 1280 x 1024 pixels at 400 %.
ZOOMED = {"width": 320, "height": 256}
MOST_STOPS = 400
# Where the keyboard is: which element, whether its focus is drawn, and whether it is in the window.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const all = [...document.querySelectorAll("*")];
  return {
    number: all.indexOf(element),
    what: element.outerHTML.slice(0, 100),
    drawn: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    seen: box.bottom > 0 && box.top < innerHeight,
  };
}"""
# Elements that a keyboard should reach; a group of radio buttons is one stop.
REACHABLE = """() => {
  const all = [...document.querySelectorAll("*")], groups = new Set();
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  return all.flatMap((element, number) => {
    const wanted = element.matches(controls);
    const shown = element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length;
    if (!wanted || !shown || element.disabled || element.tabIndex < 0) return [];
    if (element.type === "radio") {
      const group = element.form?.elements[element.name];
      const chosen = group?.length && [...group].find((one) => one.checked);
      if (groups.has(element.name) || (chosen && chosen !== element)) return [];
      groups.add(element.name);
    }
    return [number];
  });
}"""
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""
# A role of a control, or of a picture, without a name behind it.
ROLES = "button|link|textbox|checkbox|radio|combobox|switch|img|dialog"
NAMELESS = re.compile(rf"^\s*- ({ROLES})(?: \[[^\]]*\])*:?$", re.MULTILINE)


def opened_browser(portal: LivePortal, browser: Browser) -> BrowserContext:
    """Open a browser that does not scroll smoothly, so that a place is the last one."""
    desk = {"width": 1280, "height": 800}
    return browser.new_context(base_url=portal.url, locale="en-US", viewport=desk, reduced_motion="reduce")


@pytest.fixture(scope="module")
def page(portal: LivePortal, browser: Browser) -> Page:
    context = opened_browser(portal, browser)
    context.add_cookies(signed_in(portal, browser))
    return context.new_page()


@pytest.fixture(scope="module")
def visitor(portal: LivePortal, browser: Browser) -> Page:
    return opened_browser(portal, browser).new_page()


@pytest.fixture
def opened(request: pytest.FixtureRequest, page: Page, visitor: Page) -> Page:
    """The page of this test, in the browser of a person or of a visitor."""
    name = request.param
    chosen = page if name in SIGNED_IN else visitor
    chosen.set_viewport_size({"width": 1280, "height": 800})
    chosen.goto(PAGES[name])
    return chosen


every_page = pytest.mark.parametrize("opened", PAGES, indirect=True)


@every_page
def test_the_keyboard_reaches_everything_sees_where_it_is_and_gets_out_again(opened: Page):
    reachable = set(opened.evaluate(REACHABLE))
    reached, faults = [], []
    for _ in range(MOST_STOPS):
        opened.keyboard.press("Tab")
        focused = opened.evaluate(FOCUSED)
        if focused is None or focused["number"] in reached[-1:]:  # behind the last one; in a date, its next part
            continue
        if focused["number"] in reached:
            break
        reached.append(focused["number"])
        faults += [f"{fault}: {focused['what']}" for fault in ("drawn", "seen") if not focused[fault]]
    assert faults == []
    assert len(reached) < MOST_STOPS
    missed = sorted(reachable - set(reached))
    assert opened.evaluate("missed => missed.map(n => document.querySelectorAll('*')[n].outerHTML)", missed) == []


@every_page
def test_at_four_hundred_per_cent_a_page_scrolls_one_way_and_nothing_covers_it(opened: Page):
    opened.set_viewport_size(ZOOMED)
    opened.reload()
    assert opened.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    covering = """() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return ["fixed", "sticky"].includes(style.position) && element.getBoundingClientRect().height > innerHeight / 3;
    }).map((element) => element.outerHTML.slice(0, 100))"""
    assert opened.evaluate(covering) == []


@every_page
def test_each_control_has_a_name_and_nothing_moves_while_a_page_loads(opened: Page):
    tree = opened.locator("body").aria_snapshot()
    assert NAMELESS.findall(tree) == []
    assert re.search(r"- heading .* \[level=1\]", tree)
    for landmark in ("banner", "main", "contentinfo"):
        assert re.search(rf"^\s*- {landmark}", tree, re.MULTILINE), landmark
    moved = opened.evaluate(SHIFT)
    if moved:  # a busy machine may draw a page in two parts: what moves by itself moves each time
        opened.reload()
        moved = opened.evaluate(SHIFT)
    assert moved == 0
