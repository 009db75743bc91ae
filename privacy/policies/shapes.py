"""The lines of a clause with their structure: paragraphs, items of lists, rows of tables, with emphasis and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from privacy.policies.blocks import start_of
from privacy.policies.markup import Element, parse, pieces_of

_CONTAINERS = frozenset({"ul", "ol", "li", "dl", "blockquote", "table", "thead", "tbody", "tfoot"})
_LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "address", "caption", "dt", "dd", "tr", "hr"})
_BLOCKS = (_CONTAINERS | _LINES | {"section", "div"}) - {"hr"}
_MARKS = frozenset({"strong", "b", "em", "i", "u", "a", "code", "sub", "sup", "small", "del", "ins", "s", "q", "cite"})
_ATTRIBUTES = ("class", "href", "colspan", "rowspan", "scope", "type")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Tag:
    """An element without its contents."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Container:
    """A list, an item, a table or a part of it, that holds lines; `key` identifies it within its clause."""

    tag: Tag
    key: int
    number: int | None = None  # of an item in an ordered list


class TextBlock:
    """A text and the emphasis and links of its parts."""

    def __init__(self, tag: Tag | None = None) -> None:
        self.tag = tag  # of a cell
        self._pieces: list[tuple[str, tuple[Tag, ...]]] = []

    @cached_property
    def text(self) -> str:
        """The whole text; it must be complete when this is first read."""
        return "".join(piece for piece, _marks in self._pieces)

    def add(self, piece: str, marks: tuple[Tag, ...]) -> None:
        """Add a piece; white space within and between pieces becomes one space."""
        tidy = _SPACE.sub(" ", piece)
        tidy = tidy.lstrip() if not self._pieces or self._pieces[-1][0][-1].isspace() else tidy
        if tidy:
            self._pieces.append((tidy, marks))

    def break_line(self) -> None:
        """End a line within the text."""
        if self._pieces:
            self._pieces.append(("\n", ()))

    def cut(self, begin: int, end: int) -> Iterator[tuple[str, tuple[Tag, ...]]]:
        """Yield the pieces of a part of the text, with their marks."""
        start = 0
        for piece, marks in self._pieces:
            part = piece[max(begin - start, 0) : max(end - start, 0)]
            if part:
                yield part, marks
            start += len(piece)


@dataclass
class ShapedLine:
    """A paragraph, a heading, the text of an item, or a row with its cells; and its containers, outermost first."""

    containers: tuple[Container, ...]
    tag: Tag | None
    texts: list[TextBlock]

    @property
    def text(self) -> str:
        """The text of the whole line."""
        return " ".join(" ".join(text.text.split()) for text in self.texts)

    @property
    def shape(self) -> tuple[str, int]:
        """What two lines must have in common so that one is shown as a change of the other."""
        return ("row" if self.tag and self.tag.name == "tr" else "text", len(self.texts))


def lines_of(html: str, page: str = "") -> list[ShapedLine]:
    """Return the lines of a clause's markup, in order; links to other clauses lead to the page of the whole text."""
    root, reader = parse(html), _Shapes()
    for link in [link for link in root.iter("a") if link.get("href", "#").startswith("#")]:
        link.tag = "a" if page else "span"
        link.set("href", f"{page}{link.get('href', '')}")
    reader.read(root, ())
    return [line for line in reader.lines if line.text or (line.tag and line.tag.name == "hr")]


class _Shapes:
    """Walks the tree of a clause."""

    def __init__(self) -> None:
        self.lines: list[ShapedLine] = []
        self.keys = 0

    def read(self, element: Element, containers: tuple[Container, ...]) -> None:
        """Note the lines of an element that holds blocks; loose text is a line without a tag."""
        loose: TextBlock | None = None
        number = start_of(element) if element.tag == "ol" else None
        for piece in pieces_of(element):
            if isinstance(piece, Element) and (piece.tag in _BLOCKS or piece.tag == "hr"):
                loose = None
                self._block(piece, containers, number)
                number = number + (piece.tag == "li") if number is not None else None
                continue
            if loose is None and (isinstance(piece, Element) or piece.strip()):
                loose = TextBlock()
                self.lines.append(ShapedLine(containers, None, [loose]))
            if loose is not None:
                _add(loose, piece, ())

    def _block(self, element: Element, containers: tuple[Container, ...], number: int | None) -> None:
        if element.tag == "tr":
            cells = [_text_of(cell, _tag(cell)) for cell in element if cell.tag in ("td", "th")]
            self.lines.append(ShapedLine(containers, _tag(element), cells or [TextBlock()]))
        elif element.tag in _CONTAINERS:
            self.keys += 1
            is_item = element.tag == "li"
            self.read(element, (*containers, Container(_tag(element), self.keys, number if is_item else None)))
        elif element.tag in _LINES:
            self.lines.append(ShapedLine(containers, _tag(element), [_text_of(element)]))
        else:
            self.read(element, containers)


def _text_of(element: Element, tag: Tag | None = None) -> TextBlock:
    text = TextBlock(tag)
    if element.tag == "pre":
        for line in "".join(element.itertext()).splitlines():
            text.add(line, ())
            text.break_line()
        return text
    for piece in pieces_of(element):
        _add(text, piece, ())
    return text


def _add(text: TextBlock, piece: Element | str, marks: tuple[Tag, ...]) -> None:
    if isinstance(piece, str):
        text.add(piece, marks)
        return
    if piece.tag == "br" or piece.tag in _BLOCKS:
        text.break_line()
    inner = (*marks, _tag(piece)) if piece.tag in _MARKS else marks
    for part in pieces_of(piece):
        _add(text, part, inner)


def _tag(element: Element) -> Tag:
    return Tag(element.tag, tuple((name, element.get(name, "")) for name in _ATTRIBUTES if element.get(name)))
