"""Which ordered lists and numbered paragraphs have numbers of clauses, and which are only lists.

An item under a numbered clause is a clause of it: the second under 3.1 is 3.1.2. Without a number above it, an item is
a clause if the numbers continue without a gap through the whole document, as sections do. A list of steps, or one
whose numbers the document also gives to other clauses, is only a list.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from privacy.policies.blocks import blocks_of, start_of
from privacy.policies.headings import real_level, stands_for_heading
from privacy.policies.markup import Element, Piece, pieces_of, text_of, wrap
from privacy.policies.numbering import Numbering, numbering_of

_LONGEST_TITLE = 120


@dataclass
class _Numbered:
    """An ordered list, or a paragraph that begins with a number, and the number of the clause above it."""

    block: Element
    under: str
    first: int
    count: int
    follows: bool  # the items before it, or the clause before it

    @property
    def numbers(self) -> list[str]:
        """The numbers that its items would have."""
        return [joined(self.under, place) for place in range(self.first, self.first + self.count)]


@dataclass
class _Numbers:
    """The numbers of a document: clauses with their own number, candidates for items, and both in reading order."""

    printed: Counter[str] = field(default_factory=Counter)
    candidates: list[_Numbered] = field(default_factory=list)
    first_level: list[int] = field(default_factory=list)
    under: str = ""
    last: int = 0

    def open(self, number: str) -> None:
        """Note a clause with its own number, or without one."""
        self.under, self.last = number, 0
        self.printed.update([number] if number else [])
        self.first_level += [int(number)] if number.isdecimal() else []

    def add(self, block: Element, first: int, count: int) -> None:
        """Note candidates for items: of the current clause, or of the one after it."""
        follows = bool(self.under) and first == self.last + 1
        if self.under.isdecimal() and not follows and first == int(self.under) + 1:
            follows, self.under = True, ""
        self.candidates.append(_Numbered(block, self.under, first, count, follows))
        self.last = first + count - 1
        if not self.under:
            self.first_level += range(first, first + count)
            self.under, self.last = (str(self.last), 0) if follows else ("", self.last)

    def sections(self) -> list[_Numbered]:
        """Return the candidates without a number above them if the first level continues without a gap, else none."""
        counts_on = self.first_level == list(range(1, len(self.first_level) + 1))
        return [c for c in self.candidates if not c.under] if counts_on and len(self.first_level) > 1 else []


@dataclass
class Item:
    """An item of an ordered list: its title, if it begins with one, else its text; and its other contents."""

    place: int
    title: Element | None
    text: Element | None
    rest: list[Element]


def joined(under: str, place: int) -> str:
    """Return the number of an item, below the number of a clause or of none."""
    return f"{under}.{place}" if under else str(place)


def numbered_items(blocks: Sequence[Element]) -> dict[Element, str]:
    """Return the lists and paragraphs whose numbers are numbers of clauses, each with the clause above it."""
    found = _read(blocks)
    counted = found.printed + Counter(number for candidate in found.candidates for number in candidate.numbers)
    following = [c for c in found.candidates if c.follows and all(counted[number] == 1 for number in c.numbers)]
    sections = found.sections() if _are_most(found.sections(), blocks) else []
    return {candidate.block: candidate.under for candidate in (*following, *sections)}


def place_of(paragraph: Element) -> int:
    """Return the number that a paragraph begins with; it must have one part only."""
    return int(numbering_of(text_of(paragraph)).number.lstrip("D"))


def is_numbered_list(block: Element) -> bool:
    """Whether a block is a list with numbers, not letters."""
    return block.tag == "ol" and block.get("type", "1") == "1" and bool(text_of(block))


def items_of(numbered_list: Element) -> list[Item]:
    """Return the items of an ordered list."""
    items = [child for child in numbered_list if child.tag == "li"]
    return [_item(place, item, is_alone=len(items) == 1) for place, item in enumerate(items, start_of(numbered_list))]


def _read(blocks: Sequence[Element]) -> _Numbers:
    found = _Numbers()
    headings = {_words(block) for block in blocks if real_level(block) or stands_for_heading(block)}
    for block in blocks:
        numbering = numbering_of(text_of(block)) if block.tag != "ol" else Numbering()
        if is_numbered_list(block) and not _is_contents(block, headings):
            found.add(block, start_of(block), len(block))
        elif real_level(block) or stands_for_heading(block) or (block.tag == "p" and numbering.is_clause):
            found.open(numbering.number)
        elif block.tag == "p" and numbering.number:
            found.add(block, place_of(block), 1)
    return found


def _is_contents(numbered_list: Element, headings: set[str]) -> bool:
    """Whether most items of a list are headings of the document."""
    return 2 * sum(_words(item) in headings for item in numbered_list) > len(numbered_list)


def _words(block: Element) -> str:
    text = text_of(block)
    return text[numbering_of(text).length :].strip().casefold()


def _are_most(candidates: Sequence[_Numbered], blocks: Sequence[Element]) -> bool:
    """Whether these items make up most of the document, or are between its paragraphs as headings are."""
    length = sum(len(text_of(candidate.block)) for candidate in candidates)
    return len(candidates) > 1 or 2 * length > sum(len(text_of(block)) for block in blocks)


def _item(place: int, item: Element, *, is_alone: bool) -> Item:
    blocks = blocks_of(item)
    if not blocks:
        return Item(place, None, None, [])
    title = _title(place, blocks[0]) if is_alone or len(blocks) > 1 else None
    if title is not None:
        return Item(place, title, None, blocks[1:])
    own = next((index for index, block in enumerate(blocks) if is_numbered_list(block)), len(blocks))
    held: list[Piece] = pieces_of(blocks[0]) if own == 1 and blocks[0].tag == "p" else [*blocks[:own]]
    text = wrap("ol", [wrap("li", held)], start=str(place)) if own else None
    return Item(place, None, text, blocks[own:])


def _title(place: int, first: Element) -> Element | None:
    """The first block of an item with its number, if it is a heading or used as one."""
    if len(text_of(first)) > _LONGEST_TITLE:
        return None
    title = wrap(first.tag, [f"{place}. ", *pieces_of(deepcopy(first))])
    return title if real_level(title) or stands_for_heading(title) else None
