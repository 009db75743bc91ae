"""A logo is an SVG that can do nothing, or a PNG; anything else is refused with the reason."""

import base64
from pathlib import Path

import pytest

from privacy.branding.images import LARGEST, NoImage, read_image

pytestmark = pytest.mark.embedded

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def read(folder: Path, content: str | bytes):
    file = folder / "logo"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_image(file)


def test_a_png_and_a_plain_svg_are_taken(tmp_path):
    assert read(tmp_path, PNG).content_type == "image/png"
    drawn = '<!-- drawn --><style>path { fill: url(#g) }</style><path id="g" d="M0 0h1"/><a xlink:href="#g"/>'
    assert read(tmp_path, SVG.format(drawn)).content_type == "image/svg+xml; charset=utf-8"


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<script href="/static/portal.js"/>', "<script>"),
        ('<path onload="alert(1)"/>', "'onload'"),
        ('<path ONCLICK="alert(1)"/>', "'onclick'"),
        ('<a xlink:href="javascript:alert(1)"><path/></a>', "'href'"),
        ('<a href="https://evil.example"><path/></a>', "'href'"),
        ("<foreignObject><p/></foreignObject>", "<foreignobject>"),
        ('<image href="https://evil.example/a.png"/>', "<image>"),
        ("<style>@import 'https://evil.example/a.css';</style>", "<style>"),
        ('<path style="fill:url(https://evil.example/a)"/>', "'style'"),
        ('<path fill="url( &#39;https://evil.example/a&#39;)"/>', "'fill'"),
        ("<style><g/>@import 'https://evil.example/a.css';</style>", "<style>"),
        ("<style>@im\\port 'https://evil.example/a.css';</style>", "<style>"),
        ('<path style="fill:u\\72l(https://evil.example/a)"/>', "'style'"),
        ("<style>g { background: image-set('https://evil.example/a' 1x) }</style>", "<style>"),
        ('<a xml:base="https://evil.example/" href="#a"/>', "'base'"),
        ('<set attributeName="href" to="javascript:alert(1)"/>', "<set>"),
    ],
)
def test_an_svg_that_could_run_or_load_something_is_refused(tmp_path, inside: str, reason: str):
    with pytest.raises(NoImage, match=reason):
        read(tmp_path, SVG.format(inside))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html><body/></html>", "neither a PNG nor an SVG"),
        ("GIF89a", "neither a PNG nor an SVG"),
        (SVG.format("").encode("utf-16"), "neither a PNG nor an SVG"),
        ('<?xml-stylesheet href="https://evil.example/a.css"?>' + SVG.format(""), "xml-stylesheet"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"), "DOCTYPE"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * LARGEST, "32 kB is the limit"),
    ],
)
def test_what_is_no_safe_image_is_refused(tmp_path, content: str | bytes, reason: str):
    with pytest.raises(NoImage, match=reason):
        read(tmp_path, content)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(NoImage, match="cannot be read"):
        read_image(tmp_path / "none.svg")
