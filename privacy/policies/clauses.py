"""Split a document's body into clauses: at headings, numbered paragraphs and items of ordered lists."""

from dataclasses import dataclass, field

from privacy.policies.anchors import Anchors, anchor_of
from privacy.policies.blocks import blocks_of
from privacy.policies.headings import is_definitions, real_level, stands_for_heading
from privacy.policies.markup import Element, Piece, pieces_of, serialise, text_of, wrap
from privacy.policies.numbered_items import Item, is_numbered_list, items_of, joined, numbered_items, place_of
from privacy.policies.numbering import numbering_of
from privacy.policies.sanitising import shown_markup

_FIRST_LEVEL = 2  # below the page's own h1
_LAST_LEVEL = 6
_PREAMBLE = "preamble"


def _depth(number: str) -> int:
    return number.count(".") + 1 if number else 0


@dataclass
class ClauseDraft:
    """A clause while the document is split."""

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
    """Return the clauses of a body, in order, with corrected links between them."""
    clauses = _Splitter().split(body)
    _mend_links(clauses)
    return clauses


class _Splitter:
    """Walks the blocks of a body and begins a clause at each heading and numbered paragraph."""

    def __init__(self) -> None:
        self.anchors = Anchors()
        self.clauses: list[ClauseDraft] = []
        self.levels: list[int] = []
        self.items: dict[Element, str] = {}
        self.in_definitions = False
        self.listed = ""  # the number of the clause whose items were just read
        self.under = ""

    def split(self, body: Element) -> list[ClauseDraft]:
        blocks = blocks_of(body)
        self.items = numbered_items(blocks)
        headings = [*blocks, *(element for items in self.items for element in items.iter())]
        self.levels = sorted({real_level(block) for block in headings if real_level(block)})
        for block in blocks:
            self._place(block)
        return [clause for clause in self.clauses if clause.text]

    def _place(self, block: Element) -> None:
        names = {element.get("id") or element.get("name") or "" for element in block.iter()} - {""}
        listed, self.listed = self.listed, ""
        if real_level(block) or stands_for_heading(block):
            self._open_at_heading(block, numbering_of(text_of(block)).number)
        elif block.tag == "p" and numbering_of(text_of(block)).is_clause:
            self._open_at_number(block, numbering_of(text_of(block)).number)
        elif block in self.items:
            self._open_at_items(block)
        elif text_of(block) or block.tag in ("hr", "ol"):
            self._open_after_items(listed)
            self._keep(block)
        if self.clauses:
            self.clauses[-1].names |= names

    def _keep(self, block: Element) -> None:
        """Add a block to the current clause, or to a preamble."""
        if not self.clauses:
            self.clauses.append(ClauseDraft(self.anchors.give(_PREAMBLE, ""), "", "", _FIRST_LEVEL))
        self.clauses[-1].blocks.append(block)

    def _open_at_heading(self, block: Element, number: str, *, is_item: bool = False) -> None:
        text = text_of(block).replace("\n", " ")
        if not text:
            return
        depth = _depth(number)
        level = min(depth + 1, _LAST_LEVEL) if is_item else self._level_of(block, depth)
        if depth <= 1:
            self.in_definitions = is_definitions(text[numbering_of(text).length :])
        number = self._numbered(number)
        anchor = self.anchors.give(number or text, self.under)
        self.under = anchor
        title = wrap(f"h{level}", _without_emphasis(block))
        self.clauses.append(ClauseDraft(anchor, number, text[:300], level, [title], {anchor_of(text)}))

    def _open_at_number(self, block: Element, number: str) -> None:
        number = self._numbered(number)
        level = min(_depth(number) + 1, _LAST_LEVEL)
        self.clauses.append(ClauseDraft(self.anchors.give(number, self.under), number, "", level, [block]))

    def _open_at_items(self, block: Element) -> None:
        """Begin a clause for a numbered paragraph, or for each item of a list."""
        under = self.items[block]
        if block.tag == "p":
            self._open_at_number(block, joined(under, place_of(block)))
            return
        for item in items_of(block):
            self._open_at_item(item, joined(under, item.place))
        self.listed = under

    def _open_after_items(self, under: str) -> None:
        """Text after the items of a clause belongs to the clause, not to the last item."""
        if under:
            number = self._numbered(under)
            level = min(_depth(number) + 1, _LAST_LEVEL)
            self.clauses.append(ClauseDraft(self.anchors.give(f"{number} after", self.under), "", "", level))

    def _open_at_item(self, item: Item, number: str) -> None:
        self.listed = ""
        if item.title is not None:
            self._open_at_heading(item.title, number, is_item=True)
        elif item.text is not None:
            self._open_at_number(item.text, number)
        else:
            self._keep(wrap("ol", [wrap("li", [])], start=str(item.place)))
        self.items |= {block: number for block in item.rest if is_numbered_list(block)}
        for block in item.rest:
            self._place(block)

    def _numbered(self, number: str) -> str:
        """The number; a definition's number gets a D before it, since definitions may be numbered like section 1."""
        is_definition = self.in_definitions and "." in number and not number.startswith("D")
        return f"D{number}" if is_definition else number

    def _level_of(self, block: Element, depth: int) -> int:
        """Nest real headings by their rank in this document, and lines used as headings below them."""
        real = real_level(block)
        rank = self.levels.index(real) if real else len(self.levels) + max(depth - 1, 0)
        return min(_FIRST_LEVEL + rank, _LAST_LEVEL)


def _without_emphasis(block: Element) -> list[Piece]:
    """The contents of a heading, without the bold of the whole line, which a heading has anyway."""
    pieces: list[Piece] = []
    for piece in pieces_of(block):
        is_bold = isinstance(piece, Element) and piece.tag in ("strong", "b", "u")
        pieces += _without_emphasis(piece) if is_bold and isinstance(piece, Element) else [piece]
    return pieces


def _mend_links(clauses: list[ClauseDraft]) -> None:
    """Point links inside the document at the clause that holds their target; remove other inner and relative links."""
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
