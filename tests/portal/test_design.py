"""The design system: small, with colours as tokens that can be read, and a page that shows every component."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

pytestmark = pytest.mark.embedded

STATIC = django_settings.BASE_DIR / "static"
COMPONENTS = django_settings.BASE_DIR / "templates" / "components"
STYLE = (STATIC / "portal.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);")
SCHEMES = {
    scheme: {name: pair[number] for name, *pair in PAIR.findall(STYLE)}
    for number, scheme in enumerate(("light", "dark"))
}
TEXTS = ("ink", "muted", "accent", "good", "warn", "danger")
ON_TINTS = [("good", "good-soft"), ("warn", "warn-soft"), ("danger", "danger-soft"), ("ink", "accent-soft")]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2, relative luminance)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_texts_and_borders_have_enough_contrast(scheme: str):
    colour = SCHEMES[scheme]
    grounds = [(text, ground) for text in TEXTS for ground in ("page", "surface")]
    pairs = [*grounds, *ON_TINTS, ("on-accent", "accent"), ("on-danger", "danger"), ("accent", "accent-soft")]
    low = {pair: contrast(colour[pair[0]], colour[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}
    assert contrast(colour["line-strong"], colour["surface"]) >= 3


def test_browsers_without_two_schemes_get_the_light_one():
    plain = dict(re.findall(r"--([\w-]+): (#\w+);", STYLE.partition("@supports")[0]))
    assert SCHEMES["light"].items() <= plain.items()


def test_only_tokens_name_colours():
    rules = STYLE.partition("/* --- Type --- */")[2].partition("@media print")[0]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) <= {"#0000", "#fff"}  # nothing, and the ground of a QR code


def test_stylesheet_and_script_are_small():
    assert len(gzip.compress((STATIC / "portal.css").read_bytes())) < 8_000
    assert len(gzip.compress((STATIC / "portal.js").read_bytes())) < 4_000


def test_every_component_is_shown():
    shown = (django_settings.BASE_DIR / "templates" / "design" / "design.html").read_text(encoding="utf-8")
    parts = [path for path in COMPONENTS.glob("*.html") if path.name not in ("icon.html", "logo.html", "row.html")]
    assert [path.name for path in parts if f"components/{path.name}" not in shown] == []


def test_every_component_says_what_it_needs_and_every_icon_is_hidden_from_screen_readers():
    for path in COMPONENTS.glob("*.html"):
        assert path.name == "logo.html" or path.read_text(encoding="utf-8").startswith("{% comment %}"), path
    for path in (COMPONENTS / "icons").glob("*.svg"):
        assert 'class="icon" viewBox="0 0 24 24" aria-hidden="true"' in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("scheme", ["", "light", "dark", "other"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_the_design_answers(db: None, client: Client, scheme: str, language: str):
    page = client.get("/design/", {"scheme": scheme}, headers={"accept-language": language})
    assert page.status_code == 200
    assert ("scheme-dark" in page.content.decode()) == (scheme == "dark")


def test_production_has_no_such_page(client: Client, settings: Any):
    settings.IN_PRODUCTION = True
    assert client.get("/design/").status_code == 404


def test_no_template_has_a_style_or_script_inline():
    templates = Path(django_settings.BASE_DIR, "templates")
    own = [path for path in templates.rglob("*.html") if "notices" not in path.parts and path.name != "standalone.html"]
    found = [path.name for path in own if re.search(r"<style|\sstyle=|<script>|\son\w+=", path.read_text("utf-8"))]
    assert found == []
