"""The numbers at the start of lines, as policies in many languages write them: `1.`, `1.1`, `D1.2`, `1、`, `第一条`."""

import re
from dataclasses import dataclass
from unicodedata import normalize

_DOTTED = re.compile(r"(?P<number>D?\d{1,2}(?:[.．]\d{1,3})*)(?P<end>[.、．)）]?)(?P<gap>\s*)(?P<next>\S{0,12})")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_CHINESE = re.compile(
    rf"(?:[第제]\s?(?P<a>{_NUMERAL}|\d{{1,3}})\s?[条條章节節部分조장절]+|(?P<b>{_NUMERAL})、)[：:、.．]?\s*"
)
_CHINESE_DIGITS = "零一二三四五六七八九"
# A whole word directly after a number: `1.General`, `1.1We collect`, `2.1СФЕРА`; not a unit as in `2.4GHz`.
_WORD = re.compile(r"[^\W\d_][^\W\d_]+|[AI]$", re.UNICODE)
_UNIT = re.compile(r"(?:[KMGTP]i?[Bb](?:ps)?|[KMG]?Hz|[KMG]W|[CMK]m|Kg|[KMG]o|AM|PM|[BM]n|Mio|Mrd)\b")
_QUANTITY = re.compile(r"[万萬亿億%％‰℃°]")


@dataclass(frozen=True)
class Numbering:
    """The start of a line: its number, such as `1.1.2`, and how many characters it takes."""

    number: str = ""
    length: int = 0
    is_article: bool = False

    @property
    def depth(self) -> int:
        """The nesting depth of the number: 1 for `2.`, 3 for `2.2.1`, 0 for none."""
        return self.number.count(".") + 1 if self.number else 0

    @property
    def is_clause(self) -> bool:
        """Whether a paragraph with this number is a clause, whatever is above it: `1.1`, `第三条`."""
        return self.is_article or self.depth > 1


def numbering_of(text: str) -> Numbering:
    """Return the number that a line begins with. A quantity ("3.5 million") and a date are not numbers."""
    chinese = _CHINESE.match(text)
    if chinese:
        return Numbering(str(_value(chinese["a"] or chinese["b"])), chinese.end(), bool(chinese["a"]))
    dotted = _DOTTED.match(text)
    if not dotted or not (_is_numbering(dotted) if dotted["next"] else is_number_alone(text)):
        return Numbering()
    return Numbering(normalize("NFKC", dotted["number"]), dotted.start("next"))


def is_number_alone(text: str) -> bool:
    """Whether a line holds only a number: the text that it belongs to is on the next line."""
    chinese = _CHINESE.fullmatch(text)
    dotted = _DOTTED.fullmatch(text)
    is_dotted = dotted and not dotted["next"] and (dotted["end"] or re.search("[.．]", dotted["number"]))
    return bool(chinese or is_dotted)


def _is_numbering(dotted: re.Match[str]) -> bool:
    following, dots = dotted["next"], len(re.findall("[.．]", dotted["number"]))
    if _QUANTITY.match(following):
        return False
    if dotted["gap"]:
        # "3.5 million" is a quantity; a quantity has at most one point.
        return bool(dotted["end"]) if not dots else dots > 1 or not following[0].islower() or "D" in dotted["number"]
    if not following[0].isascii() and not following[0].islower():
        return bool(dotted["end"] or dots)
    begins_word = bool(_WORD.match(following)) and following[0].isupper() and not _UNIT.match(following)
    return begins_word and bool(dotted["end"] or dots)


def _value(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _CHINESE_DIGITS.index(numeral[0])
    return 10 * (_CHINESE_DIGITS.index(tens) if tens else 1) + (_CHINESE_DIGITS.index(ones) if ones else 0)
