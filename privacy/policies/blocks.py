"""The blocks of a document in sequence, without wrappers; loose text becomes a paragraph."""

from collections.abc import Iterator

from privacy.policies.headings import real_level
from privacy.policies.markup import BLOCKS, Element, Piece, pieces_of, text_of, wrap
from privacy.policies.numbering import is_number_alone, numbering_of

_WRAPPERS = frozenset({"div", "section", "article", "main", "header", "footer", "nav", "aside", "figure", "span"})


def blocks_of(element: Element) -> list[Element]:
    """Return the contents of an element as blocks; a number on its own joins the text after it."""
    blocks: list[Element] = []
    for block in _flatten(element):
        number = _number_alone(blocks[-1]) if blocks else ""
        if number and _takes_number(block):
            named = blocks.pop()
            block.text = f"{number} {block.text or ''}"
            block[:0] = [wrap("a", [], id=name) for name in _names(named)]
        blocks.append(block)
    return blocks


def start_of(numbered_list: Element) -> int:
    """Return the number of the first item of an `ol`."""
    start = numbered_list.get("start", "").strip()
    return int(start) if start.isascii() and start.isdigit() and len(start) < len("10000") else 1


def _number_alone(block: Element) -> str:
    """The number, if a paragraph, or a list of one empty item, holds nothing else; else an empty text."""
    if block.tag == "ol" and len(block) == 1 and not text_of(block):
        return f"{start_of(block)}."
    text = text_of(block) if block.tag == "p" else ""
    return text if is_number_alone(text) else ""


def _takes_number(block: Element) -> bool:
    text = text_of(block)
    return bool(text) and (block.tag == "p" or real_level(block) > 0) and not numbering_of(text).number


def _names(block: Element) -> list[str]:
    return [name for name in (element.get("id") or element.get("name") for element in block.iter()) if name]


def _flatten(element: Element) -> Iterator[Element]:
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
    """The block without white space at its start and end."""
    block.tail = None
    if block.tag != "pre":
        block.text = (block.text or "").lstrip() or None
        if len(block):
            block[-1].tail = (block[-1].tail or "").rstrip() or None
        else:
            block.text = (block.text or "").rstrip() or None
    return block
