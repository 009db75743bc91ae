"""What a legal basis looks like: a law with its article, or an authority's act with its number; no story fits in.

It stands in receipts that nobody can change, so that a name, a phone number or a diagnosis must never get there.
"""

import re

STATUTES = ("GDPR", "PIPL", "CSL", "DSL", "BDSG", "StPO", "ZPO", "AO", "HGB", "BGB")
ACTS = ("Order", "Court order", "Warrant", "Judgment", "Decision", "Request", "File")
LONGEST = 80

_ARTICLE = r"(?:art\.|§) ?\d{1,4}[a-z]?(?: ?\([0-9a-zA-Z]{1,3}\)){0,4}"
_NUMBERED_LAW = r"(?:Law|Act|Regulation|Directive)(?: \(EU\))? \d{1,6}/\d{1,6}"
_LAW = rf"(?:(?:{'|'.join(STATUTES)}) {_ARTICLE}|{_NUMBERED_LAW}(?: {_ARTICLE})?)"
# Groups of digits and short marks of a register, such as "12 K 345/2026", "1:26-cv-01234", "No. 7".
_MARK = r"(?:\d{1,6}|[A-Za-z]{1,3}\.?)"
_FILE = rf"(?=[^\d]*\d){_MARK}(?:[ /.:-]{{1,2}}{_MARK}){{0,7}}"
# A Chinese court's: the year, the court, the kind of case, its number.
_CHINESE_FILE = r"[(（]\d{4}[)）][\u4e00-\u9fff]\d{0,4}[\u4e00-\u9fff]{1,4}\d{1,6}号"
_ACT = rf"(?:{'|'.join(ACTS)}) (?:{_FILE}|{_CHINESE_FILE})"
_BASIS = re.compile(rf"{_LAW}|{_ACT}")
# Seven digits and more that only blanks, dots or hyphens part, or three numbers with slashes: a phone, an identity
# number or a date of birth, not a file's number.
_LONG_NUMBER = re.compile(r"\d(?:[ .-]{0,2}\d){6,}|\d/\d+/\d")


def is_legal_basis(text: str) -> bool:
    """Whether a text names a law with its article, or an act of an authority with its number, and nothing else."""
    return len(text) <= LONGEST and _BASIS.fullmatch(text) is not None and _LONG_NUMBER.search(text) is None
