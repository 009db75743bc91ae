"""Take a document's body apart into clauses: at headings and at numbered paragraphs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from privacy.policies.anchors import Anchors, anchor_of
from privacy.policies.headings import (
    is_definitions,
    numbering_of,
    real_level,
    stands_for_heading,
)
from privacy.policies.markup import BLOCKS, Element, Piece, pieces_of, serialise, text_of, wrap
from privacy.policies.sanitising import shown_markup

_WRAPPERS = frozenset({"div", "section", "article", "main", "header", "footer", "nav", "aside", "figure", "span"})
_FIRST_LEVEL = 2  # below the page's own h1
_LAST_LEVEL = 6
_PREAMBLE = "preamble"


@dataclass
class ClauseDraft:
    """A clause while it is taken apart."""

    anchor: str
    number: str
    heading: str
    level: int
    blocks: list[Element] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The plain text, heading included."""
        return "\n".join(filter(None, map(text_of, self.blocks)))

    @property
    def html(self) -> str:
        """What is shown of it."""
        section = wrap("section", list(self.blocks), id=self.anchor)
        section.set("class", "clause")
        return shown_markup(serialise(section))


def split_clauses(body: Element) -> list[ClauseDraft]:
    """Return the clauses of a body, in order, their links to each other mended."""
    clauses = _Splitter().split(body)
    _mend_links(clauses)
    return clauses


class _Splitter:
    """Walks the blocks of a body and opens a clause at each heading and numbered paragraph."""

    def __init__(self) -> None:
        self.anchors = Anchors()
        self.clauses: list[ClauseDraft] = []
        self.levels: list[int] = []
        self.in_definitions = False
        self.under = ""

    def split(self, body: Element) -> list[ClauseDraft]:
        """Return the clauses."""
        blocks = list(_flatten(body))
        self.levels = sorted({real_level(block) for block in blocks if real_level(block)})
        for block in blocks:
            self._place(block)
        return [clause for clause in self.clauses if clause.text]

    def _place(self, block: Element) -> None:
        names = {element.get("id") or element.get("name") or "" for element in block.iter()} - {""}
        if real_level(block) or stands_for_heading(block):
            self._open_at_heading(block)
        elif block.tag == "p" and numbering_of(text_of(block)).depth > 1:
            self._open_at_number(block)
        elif text_of(block) or block.tag == "hr":
            if not self.clauses:
                self.clauses.append(ClauseDraft(self.anchors.give(_PREAMBLE, ""), "", "", _FIRST_LEVEL))
            self.clauses[-1].blocks.append(block)
        if self.clauses:
            self.clauses[-1].names |= names

    def _open_at_heading(self, block: Element) -> None:
        text = text_of(block).replace("\n", " ")
        if not text:
            return
        numbering = numbering_of(text)
        level = self._level_of(block, numbering.depth)
        if numbering.depth <= 1:
            self.in_definitions = is_definitions(text[numbering.length :])
        number = self._numbered(numbering.number)
        anchor = self.anchors.give(number or text, self.under)
        self.under = anchor
        title = wrap(f"h{level}", _without_emphasis(block))
        self.clauses.append(ClauseDraft(anchor, number, text[:300], level, [title], {anchor_of(text)}))

    def _open_at_number(self, block: Element) -> None:
        numbering = numbering_of(text_of(block))
        number = self._numbered(numbering.number)
        level = min(numbering.depth + 1, _LAST_LEVEL)
        self.clauses.append(ClauseDraft(self.anchors.give(number, self.under), number, "", level, [block]))

    def _numbered(self, number: str) -> str:
        """The number; of a definition with a D before it, since definitions may be numbered like section 1."""
        is_definition = self.in_definitions and "." in number and not number.startswith("D")
        return f"D{number}" if is_definition else number

    def _level_of(self, block: Element, depth: int) -> int:
        """Nest real headings by their rank in this document, and lines that stand for headings below them."""
        real = real_level(block)
        rank = self.levels.index(real) if real else len(self.levels) + max(depth - 1, 0)
        return min(_FIRST_LEVEL + rank, _LAST_LEVEL)


def _flatten(element: Element) -> Iterator[Element]:
    """The blocks of a body one after another, without wrappers; loose text becomes a paragraph."""
    loose: list[Piece] = []
    for piece in pieces_of(element):
        is_wrapper = isinstance(piece, Element) and piece.tag in _WRAPPERS and _holds_blocks(piece)
        if isinstance(piece, str) or (piece.tag not in BLOCKS and not is_wrapper):
            loose.append(piece)
            continue
        yield from _paragraph(loose)
        loose = []
        if piece.tag in _WRAPPERS:
            yield from _flatten(piece)
        else:
            yield _trimmed(piece)
    yield from _paragraph(loose)


def _holds_blocks(element: Element) -> bool:
    return element.tag != "span" or any(child.tag in BLOCKS for child in element.iter())


def _paragraph(loose: list[Piece]) -> Iterator[Element]:
    paragraph = wrap("p", loose)
    if text_of(paragraph) or any(element.get("id") for element in paragraph.iter()):
        yield _trimmed(paragraph)


def _trimmed(block: Element) -> Element:
    """The block without white space at its ends."""
    block.tail = None
    if block.tag != "pre":
        block.text = (block.text or "").lstrip() or None
        if len(block):
            block[-1].tail = (block[-1].tail or "").rstrip() or None
        else:
            block.text = (block.text or "").rstrip() or None
    return block


def _without_emphasis(block: Element) -> list[Piece]:
    """What a heading holds, without the bold of the whole line: it is a heading already."""
    pieces: list[Piece] = []
    for piece in pieces_of(block):
        is_bold = isinstance(piece, Element) and piece.tag in ("strong", "b", "u")
        pieces += _without_emphasis(piece) if is_bold and isinstance(piece, Element) else [piece]
    return pieces


def _mend_links(clauses: list[ClauseDraft]) -> None:
    """Point links inside the document at the clause that holds their target; unlink the rest and relative ones."""
    targets = {name: clause.anchor for clause in reversed(clauses) for name in clause.names}
    targets |= {clause.anchor: clause.anchor for clause in clauses}
    for clause in clauses:
        for link in [link for block in clause.blocks for link in block.iter("a")]:
            href = link.get("href", "").strip()
            if href.startswith("#"):
                href = f"#{targets[href[1:]]}" if href[1:] in targets else ""
            link.attrib.clear()
            if href.startswith(("http://", "https://", "mailto:", "#")):
                link.set("href", href)
            else:
                link.tag = "span"
