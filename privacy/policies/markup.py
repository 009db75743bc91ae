"""A small tree of markup: parse sanitised markup, inspect it, write it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder, tostring

from privacy.policies.refusals import PolicyRefused
from privacy.policies.refusals import gettext_noop as _

__all__ = [
    "BLOCKS",
    "Element",
    "TooComplex",
    "append_text",
    "parents",
    "parse",
    "pieces_of",
    "remove",
    "serialise",
    "text_of",
    "wrap",
]

VOID = frozenset({"br", "hr"})
# An image is replaced by its text, unless that is the name of a file.
_NAMES_A_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|ico)\s*$", re.IGNORECASE)
BLOCKS = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "hr"),
        *("div", "section", "article", "main", "header", "footer", "nav", "aside", "figure", "address"),
    }
)
_BREAKS = BLOCKS | {"br", "li", "dt", "dd", "tr", "caption", "figcaption"}
_CELLS = frozenset({"td", "th"})
_SPACE = re.compile(r"\s+")
# Far more than any policy needs. Code that walks the tree is recursive, and visits each element often.
DEEPEST, MOST_ELEMENTS = 100, 20_000

Piece = Element | str


class TooComplex(PolicyRefused):
    """The markup is nested too deeply, or has too many elements, for a policy."""


class _Reader(HTMLParser):
    """Builds the tree; the sanitiser closed and nested every element before."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()
        self.preformatted = 0
        self.depth = self.elements = 0
        self.builder.start("div", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; an image is replaced by its text."""
        if tag == "img":
            text = dict(attrs).get("alt") or ""
            self.builder.data("" if _NAMES_A_FILE.search(text) else f" {text} ")
            return
        self.preformatted += tag == "pre"
        self.depth += tag not in VOID
        self.elements += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise TooComplex(
                _(
                    "The document nests deeper than %(levels)s levels or has more than %(elements)s elements. "
                    "Simplify its markup and import it again."
                ),
                levels=DEEPEST,
                elements=MOST_ELEMENTS,
            )
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.preformatted -= tag == "pre"
        if tag not in VOID:
            self.depth -= 1
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        """Add text; white space counts only in preformatted text."""
        self.builder.data(data if self.preformatted else _SPACE.sub(" ", data))


def parse(html: str) -> Element:
    """Return the tree of sanitised markup, white space collapsed, under one `div`. Raises `TooComplex`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.builder.end("div")
    return reader.builder.close()


def serialise(element: Element) -> str:
    """Return the markup of one element, without the text that follows it."""
    tail, element.tail = element.tail, None
    try:
        return tostring(element, encoding="unicode", method="html")
    finally:
        element.tail = tail


def text_of(element: Element) -> str:
    """Return the plain text: lines for blocks, single spaces, no markup."""
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(_texts(element)).split("\n"))
    return "\n".join(line for line in lines if line)


def pieces_of(element: Element) -> list[Piece]:
    """Return the contents of an element, in order: texts and child elements."""
    pieces: list[Piece] = [element.text] if element.text else []
    for child in element:
        pieces += [child, child.tail] if child.tail else [child]
    return pieces


def wrap(tag: str, pieces: list[Piece], **attributes: str) -> Element:
    """Return a new element that holds these pieces."""
    wrapper = Element(tag, attributes)
    for piece in pieces:
        if isinstance(piece, str):
            append_text(wrapper, piece)
        else:
            piece.tail = None
            wrapper.append(piece)
    return wrapper


def append_text(element: Element, text: str) -> None:
    """Add text at the end of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def remove(parent: Element, child: Element) -> None:
    """Remove a child from its parent, and keep the text that follows it."""
    position = list(parent).index(child)
    parent.remove(child)
    if not child.tail:
        return
    if position:
        parent[position - 1].tail = (parent[position - 1].tail or "") + child.tail
    else:
        parent.text = (parent.text or "") + child.tail


def parents(root: Element) -> dict[Element, Element]:
    """Return the parent of every element below a root."""
    return {child: parent for parent in root.iter() for child in parent}


def _texts(element: Element) -> Iterator[str]:
    around = "\n" if element.tag in _BREAKS else " " if element.tag in _CELLS else ""
    yield around
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    yield around
