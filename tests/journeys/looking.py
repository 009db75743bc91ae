"""Looks at a page as axe does, and takes pictures of it."""

import json
import os
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

ONLY_FAULTS = "found => found.violations.map(fault => fault.id + ': ' + fault.nodes[0].html.slice(0, 120))"


def violations(page: Page, within: str = "", **options: Any) -> list[str]:
    """Return what axe finds wrong, by all of its rules unless options say otherwise."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    place = json.dumps(within) if within else "document"
    options.setdefault("resultTypes", ["violations"])
    return page.evaluate(f"axe.run({place}, {json.dumps(options)}).then({ONLY_FAULTS})")


def take_picture(page: Page, file: Path | str) -> None:
    """Take a picture of a whole page, where `PORTAL_SCREENSHOTS` names a folder for pictures."""
    if os.environ.get("PORTAL_SCREENSHOTS"):
        page.screenshot(path=file, full_page=True)
