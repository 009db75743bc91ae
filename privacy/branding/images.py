"""Reads a logo or an icon: an SVG that can run nothing and loads nothing, or a PNG."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# Every page loads it: it is as large as a third of a page may be.
LARGEST = 32 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_ACTIVE = {"script", "foreignobject", "iframe", "handler", "listener", "set", "animate", "use", "image"}
# A backslash could write any of the others in another way.
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|image-set\(|\bsrc\(|@import|javascript:|\\", re.IGNORECASE)


class NoImage(Exception):
    """The file is no image that the portal may serve; the message says why."""


@dataclass(frozen=True)
class Image:
    """An image, ready to be served."""

    content: bytes
    suffix: str

    @property
    def content_type(self) -> str:
        """Its media type."""
        return "image/png" if self.suffix == "png" else "image/svg+xml; charset=utf-8"


def read_image(file: Path) -> Image:
    """Return the image of a file. Raises `NoImage`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NoImage(f"it cannot be read ({error.strerror})") from None
    if len(content) > LARGEST:
        raise NoImage(f"it has {len(content) // 1024} kB, and {LARGEST // 1024} kB is the limit")
    if content.startswith(_PNG):
        return Image(content, "png")
    _refuse_active(content)
    return Image(content, "svg")


def _refuse_active(content: bytes) -> None:
    """Raise `NoImage` for what is no SVG, or an SVG that could run a script or load another file."""
    if any(part in content for part in (b"<!DOCTYPE", b"<!ENTITY", b"<?xml-stylesheet")):
        raise NoImage("it has a DOCTYPE, an ENTITY or an xml-stylesheet; remove it")
    try:
        content.decode("utf-8")  # another encoding would hide a DOCTYPE from the test above
        root = ElementTree.fromstring(content)  # noqa: S314 - no entities: they are refused above
    except (ElementTree.ParseError, UnicodeDecodeError):
        raise NoImage("it is neither a PNG nor an SVG in UTF-8") from None
    if _name(root.tag) != "svg":
        raise NoImage("it is neither a PNG nor an SVG in UTF-8")
    for element in root.iter():
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if _name(element.tag) in _ACTIVE or _OUTSIDE.search(text):
            raise NoImage(f"its element <{_name(element.tag)}> could run a script or load a file; remove it")
        for attribute, value in element.attrib.items():
            name = _name(attribute)
            leads_out = name == "base" or (name == "href" and not value.startswith("#"))
            if name.startswith("on") or leads_out or _OUTSIDE.search(value):
                raise NoImage(f"its attribute {name!r} could run a script or load a file; remove it")


def _name(tag: object) -> str:
    """Return a name without its namespace; comments have a function instead of a name."""
    return str(tag).rpartition("}")[2].lower()
