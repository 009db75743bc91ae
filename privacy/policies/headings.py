"""Headings: heading elements, and bold or numbered lines that are used as headings."""

import re

from privacy.policies.markup import Element, pieces_of, text_of
from privacy.policies.numbering import numbering_of

_LONGEST_LINE = 120
_REAL = {f"h{level}": level for level in range(1, 7)}
_ENDS_SENTENCE = re.compile(r"[.;:,。；：，、]\s*$")
_STATES_A_FACT = re.compile(r"[:：]\s*\S|@")
_DEFINITIONS = re.compile(r"(?:terms and )?definitions?(?: of terms)?|定义|术语|名词解释|定义与解释", re.IGNORECASE)


def real_level(element: Element) -> int:
    """Return 1 to 6 for a heading element, else 0."""
    return _REAL.get(element.tag, 0)


def stands_for_heading(element: Element) -> bool:
    """Whether a paragraph is used as a heading: short, bold or numbered at the top level, and not a sentence."""
    text = text_of(element)
    if element.tag != "p" or "\n" in text or not 0 < len(text) <= _LONGEST_LINE:
        return False
    if _ENDS_SENTENCE.search(text) or _STATES_A_FACT.search(text):
        return False
    depth = numbering_of(text).depth
    return depth == 1 or (depth == 0 and _is_all_bold(element))


def is_definitions(heading: str) -> bool:
    """Whether a heading opens the definitions, which some documents number like the first section."""
    return bool(_DEFINITIONS.fullmatch(heading.strip()))


def _is_all_bold(element: Element) -> bool:
    pieces = [piece for piece in pieces_of(element) if not (isinstance(piece, str) and not piece.strip())]
    return bool(pieces) and all(isinstance(piece, Element) and piece.tag in ("strong", "b") for piece in pieces)
