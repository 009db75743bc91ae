"""The labels of staff buttons and links can be read under the pointer and with the focus, in both schemes."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from privacy.branding.colours import contrast

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

SITE = "http://staff.test"
SHEETS = ("staff_layers.css", "admin/css/changelists.css", "admin/css/forms.css", "staff.css")
PARTS = (
    '<form><input type="submit" class="default" value="A"></form>',
    '<div class="submit-row"><input type="submit" class="default" value="A"></div>',
    '<form><input type="submit" value="A"></form>',
    '<form><input type="button" value="A"></form>',
    "<form><button>A</button></form>",
    '<div class="submit-row"><a class="closelink" href="#a">A</a></div>',
    '<div class="submit-row"><a class="deletelink" href="#a">A</a></div>',
    '<div class="delete-confirmation"><form><input type="submit" value="A"></form></div>',
    '<ul class="object-tools"><li><a href="#a">A</a></li></ul>',
    '<div id="toolbar"><form><input type="submit" value="A"></form></div>',
    '<div id="changelist"><div class="actions"><button class="button">A</button></div></div>',
    '<p><a class="button" href="#a">A</a></p>',
    '<p><a class="button-secondary" href="#a">A</a></p>',
    '<form><button class="button-secondary">A</button></form>',
    '<form><button class="button-danger">A</button></form>',
    '<p class="paginator"><a href="#a">A</a></p>',
    '<div id="changelist-filter"><ul><li class="selected"><a href="#a">A</a></li></ul></div>',
)
COLOURS = """element => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const read = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  let ground = element;
  while (ground && read(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
  const hex = ([red, green, blue]) => "#" + [red, green, blue].map(part => part.toString(16).padStart(2, "0")).join("");
  const body = getComputedStyle(ground || document.documentElement).backgroundColor;
  return [getComputedStyle(element).color, ground ? body : "canvas"].map(colour => hex(read(colour)));
}"""


def serve(route: Route) -> None:
    """Answer with the stylesheets of the admin, and one page with its buttons."""
    found = finders.find(route.request.url.removeprefix(f"{SITE}/"))
    if found and route.request.url.endswith(".css"):
        route.fulfill(path=found, content_type="text/css")
    elif route.request.url == f"{SITE}/":
        links = "".join(f'<link rel="stylesheet" href="/{name}">' for name in SHEETS)
        body = f'<!doctype html><head>{links}</head><body><div id="content">{"".join(PARTS)}</div></body>'
        route.fulfill(body=body, content_type="text/html")
    else:
        route.fulfill(status=404)


@pytest.fixture
def staff_page(browser: Browser) -> Iterator[Page]:
    """A page with a button or link of each kind that staff press."""
    page = browser.new_page()
    page.route(re.compile(".*"), serve)
    page.goto(f"{SITE}/")
    yield page
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_labels_can_be_read_under_the_pointer_and_with_the_focus(staff_page: Page, scheme: str):
    staff_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    low = {}
    pressed = staff_page.locator("#content :is(a, button, input)").all()
    assert len(pressed) == len(PARTS)
    for part, element in zip(PARTS, pressed, strict=True):
        for act in ("rest", "hover", "focus"):
            if act != "rest":
                getattr(element, act)()
            text, ground = element.evaluate(COLOURS)
            if contrast(text, ground) < 4.5:
                low[f"{act} {part}"] = (text, ground)
    assert low == {}
