"""Headings and numbers: real ones, and the bold or numbered lines that stand for them."""

import re
from dataclasses import dataclass

from privacy.policies.markup import Element, parents, pieces_of, remove, text_of

_LONGEST_LINE = 120
_REAL = {f"h{level}": level for level in range(1, 7)}
# "1.", "1.1", "1.1.1 ", "D1.2", "1、", "第一条", "一、": how policies number.
_DOTTED = re.compile(r"(?P<number>D?\d{1,2}(?:\.\d{1,3})*)(?P<end>[.、．)）]?)(?P<gap>\s*)(?=(?P<next>\S))")
_CHINESE = re.compile(r"(?:第(?P<a>[一二三四五六七八九十]{1,3})[条章节部分]+|(?P<b>[一二三四五六七八九十]{1,3})、)\s*")
_CHINESE_DIGITS = "零一二三四五六七八九"
_ENDS_SENTENCE = re.compile(r"[.;:,。；：，、]\s*$")
_STATES_A_FACT = re.compile(r"[:：]\s*\S|@")
_NAMES_A_POLICY = re.compile(r"privacy|隐私|个人信息保护", re.IGNORECASE)
_DEFINITIONS = re.compile(r"(?:terms and )?definitions?(?: of terms)?|定义|术语|名词解释|定义与解释", re.IGNORECASE)


@dataclass(frozen=True)
class Numbering:
    """What a line begins with: its number, such as `1.1.2`, and how many characters that takes."""

    number: str = ""
    length: int = 0

    @property
    def depth(self) -> int:
        """How deep the number nests: 1 for `2.`, 3 for `2.2.1`, 0 for none."""
        return self.number.count(".") + 1 if self.number else 0


def numbering_of(text: str) -> Numbering:
    """Return the number that a line begins with. A quantity ("3.5 million") and a date are none."""
    chinese = _CHINESE.match(text)
    if chinese:
        return Numbering(str(_chinese_value(chinese["a"] or chinese["b"])), chinese.end())
    dotted = _DOTTED.match(text)
    if not dotted or not _is_numbering(dotted):
        return Numbering()
    return Numbering(dotted["number"], dotted.end())


def real_level(element: Element) -> int:
    """Return 1 to 6 for a heading element, else 0."""
    return _REAL.get(element.tag, 0)


def stands_for_heading(element: Element) -> bool:
    """Whether a paragraph is really a heading: short, bold or numbered at the top level, and no sentence."""
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


def take_title(body: Element) -> str:
    """Take the document's own title out of its body and return it, or return an empty text."""
    headings = [element for element in body.iter() if real_level(element)]
    if not headings or numbering_of(text_of(headings[0])).number:
        return ""
    first, level = headings[0], real_level(headings[0])
    is_alone = all(real_level(other) > level for other in headings[1:])
    if level > 1 and not is_alone and not _NAMES_A_POLICY.search(text_of(first)):
        return ""
    remove(parents(body)[first], first)
    return text_of(first).replace("\n", " ")


def _is_numbering(dotted: re.Match[str]) -> bool:
    following = dotted["next"]
    if "." not in dotted["number"]:
        return bool(dotted["end"]) and (bool(dotted["gap"]) or not following.isascii())
    if dotted["gap"]:
        # "3.5 million" is a quantity; no quantity has two points.
        return dotted["number"].count(".") > 1 or not (following.isascii() and following.islower())
    return not following.isascii()


def _chinese_value(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _CHINESE_DIGITS.index(numeral[0])
    return 10 * (_CHINESE_DIGITS.index(tens) if tens else 1) + (_CHINESE_DIGITS.index(ones) if ones else 0)


def _is_all_bold(element: Element) -> bool:
    pieces = [piece for piece in pieces_of(element) if not (isinstance(piece, str) and not piece.strip())]
    return bool(pieces) and all(isinstance(piece, Element) and piece.tag in ("strong", "b") for piece in pieces)
