"""Looks at a page as axe does, and takes pictures of it."""

import json
import os
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page

from tests.environment import IS_THOROUGH

ONLY_FAULTS = "found => found.violations.map(fault => fault.id + ': ' + fault.nodes[0].html.slice(0, 120))"


WIDTHS, SCHEMES = (375, 768, 1280), ("light", "dark")


def looks(language: str) -> list[tuple[str, int]]:
    """Return the schemes and widths in which a page is looked at in a language.

    All for pictures and with `EVERY_LOOK`. Else the narrowest in one scheme and the widest in the other, and in the
    other language the other way round; where tests are not thorough, English on a phone and Chinese on a desk.
    """
    if os.environ.get("PORTAL_SCREENSHOTS") or os.environ.get("EVERY_LOOK"):
        return [(scheme, width) for scheme in SCHEMES for width in WIDTHS]
    is_other = not language.startswith("en")
    narrow, wide = SCHEMES[is_other], SCHEMES[1 - is_other]
    chosen = [(narrow, WIDTHS[0]), (wide, WIDTHS[-1])]
    return chosen if IS_THOROUGH else chosen[is_other:][:1]


def settle(page: Page) -> None:
    """Wait until the document that is loading now has a body: a click returns before its answer is there."""
    page.wait_for_function("document.body !== null && document.readyState === 'complete'")


def follow(page: Page, link: Locator) -> None:
    """Click, and wait for the page to which that leads."""
    with page.expect_navigation():
        link.click()


def violations(page: Page, within: str = "", **options: Any) -> list[str]:
    """Return what axe finds wrong, by all of its rules unless options say otherwise."""
    settle(page)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    place = json.dumps(within) if within else "document"
    options.setdefault("resultTypes", ["violations"])
    return page.evaluate(f"axe.run({place}, {json.dumps(options)}).then({ONLY_FAULTS})")


def take_picture(page: Page, file: Path | str) -> None:
    """Take a picture of a whole page, where `PORTAL_SCREENSHOTS` names a folder for pictures."""
    if os.environ.get("PORTAL_SCREENSHOTS"):
        page.screenshot(path=file, full_page=True)
