"""The design system: small, with colours as tokens that can be read, and a page that shows every component."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from privacy.branding.colours import contrast
from tests.colours import SCHEMES, STYLE, long_form

pytestmark = pytest.mark.embedded

STATIC = django_settings.BASE_DIR / "static"
COMPONENTS = django_settings.BASE_DIR / "templates" / "components"
TEXTS = ("ink", "muted", "accent", "good", "warn", "danger")
ON_TINTS = [("good", "good-soft"), ("warn", "warn-soft"), ("danger", "danger-soft"), ("ink", "accent-soft")]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_texts_and_borders_have_enough_contrast(scheme: str):
    colour = SCHEMES[scheme]
    grounds = [(text, ground) for text in TEXTS for ground in ("page", "surface")]
    pairs = [*grounds, *ON_TINTS, ("on-accent", "accent"), ("on-danger", "danger"), ("accent", "accent-soft")]
    low = {(one, other): contrast(colour[one], colour[other]) for one, other in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}
    assert contrast(colour["line-strong"], colour["surface"]) >= 3


def test_browsers_without_two_schemes_get_the_light_one():
    plain = re.findall(r"--([\w-]+): (#\w+);", STYLE.partition("@supports")[0])
    assert SCHEMES["light"].items() <= {name: long_form(colour) for name, colour in plain}.items()


def test_only_tokens_name_colours():
    rules = STYLE.partition("/* --- Type --- */")[2].partition("@media print")[0]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) <= {"#0000", "#fff"}  # nothing, and the ground of a QR code


def test_stylesheet_and_script_are_small():
    assert len(gzip.compress((STATIC / "portal.css").read_bytes())) < 8_000
    assert len(gzip.compress((STATIC / "portal.js").read_bytes())) < 4_000


def test_the_admin_takes_its_colours_from_the_tokens_and_its_styles_are_small():
    styles = [(STATIC / name).read_text(encoding="utf-8") for name in ("staff_layers.css", "staff.css")]
    assert [re.findall(r"#[0-9a-f]{3,8}\b(?=[;, )])|rgba?\(|: ?white\b", style) for style in styles] == [[], []]
    assert len(gzip.compress("".join(styles).encode())) < 6_000
    used = set(re.findall(r"var\(--([\w-]+)\)", "".join(styles)))
    assert used - set(re.findall(r"--([\w-]+):", STYLE + styles[0])) == set()


def test_every_component_is_shown():
    shown = (django_settings.BASE_DIR / "templates" / "design" / "design.html").read_text(encoding="utf-8")
    assert [path.name for path in COMPONENTS.glob("*.html") if f"components/{path.name}" not in shown] == []


def test_every_component_is_used_by_a_page():
    templates = django_settings.BASE_DIR / "templates"
    pages = "".join(
        path.read_text(encoding="utf-8") for path in templates.rglob("*.html") if path.parent.name != "design"
    )
    assert [path.name for path in COMPONENTS.glob("*.html") if f'"components/{path.name}"' not in pages] == []


def test_every_class_of_the_stylesheet_is_used():
    folders = ("templates", "static", "accounts", "portal", "privacy")
    files = [path for name in folders for path in (django_settings.BASE_DIR / name).rglob("*")]
    written = "".join(
        path.read_text(encoding="utf-8") for path in files if path.suffix in (".html", ".svg", ".js", ".py")
    )
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", STYLE, flags=re.DOTALL)
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors))
    # The end of such a name is a level or a scheme.
    made = re.compile(r"(banner|chip|scheme)-\w+")
    assert {
        name for name in classes if not made.fullmatch(name) and not re.search(rf"[\"' .]{name}[\"' {{]", written)
    } == set()


def test_every_component_says_what_it_needs_and_every_icon_is_hidden_from_screen_readers():
    for path in COMPONENTS.glob("*.html"):
        assert path.read_text(encoding="utf-8").startswith("{% comment %}"), path
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
