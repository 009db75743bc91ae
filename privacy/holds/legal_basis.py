"""The form of a legal basis: a law with its article, or an authority's act with its number. Free text does not fit.

It becomes part of receipts that cannot be changed, so it must never contain a name, a phone number or a diagnosis.
"""

import re

STATUTES = ("GDPR", "PIPL", "CSL", "DSL", "BDSG", "StPO", "ZPO", "AO", "HGB", "BGB")
ACTS = ("Order", "Court order", "Warrant", "Judgment", "Decision", "Request", "File")
LONGEST = 80

_PART = r"(?:\d{1,3}|[a-z]|[ivx]{1,4}|[A-Z])"
_ARTICLE = rf"(?:art\.|§) ?\d{{1,4}}[a-z]?(?: ?\({_PART}\)){{0,4}}"
_NUMBERED_LAW = r"(?:Law|Act|Regulation|Directive)(?: \(EU\))? \d{1,4}/\d{1,4}"
_LAW = rf"(?:(?:{'|'.join(STATUTES)}) {_ARTICLE}|{_NUMBERED_LAW}(?: {_ARTICLE})?)"
# Groups of digits, with one register mark before the last, such as "12 K 345/2026", "1:26-cv-01234", "No. 7",
# "XII ZR 12/20". A second mark, one of three small letters, or one at the end could be a short name: "12 Li Wei".
_BETWEEN = r"[ /.:-]{1,2}"
_REGISTER = r"(?:[A-Z]{1,2}[a-z]?|[a-z]{2}|[A-Z][a-z]{1,2}[A-Z])"
_FILE = (
    rf"(?:N[or]\.? ?)?(?:[IVX]{{1,5}} )?(?:\d{{1,6}}{_BETWEEN}){{0,3}}(?:{_REGISTER}{_BETWEEN})?"
    rf"\d{{1,6}}(?:{_BETWEEN}\d{{1,6}}){{0,3}}"
)
# A Chinese court's number: year, court, kind of case, number. Kinds are written with these characters, names are not.
_KINDS = "高法民刑行执赔破知监商仲认保财特初终再申抗异恢复清辖他司救催督立"
_CHINESE_FILE = rf"[(（]\d{{4}}[)）][\u4e00-\u9fff]\d{{0,4}}[{_KINDS}]{{1,4}}\d{{1,6}}号"
_ACT = rf"(?:{'|'.join(ACTS)}) (?:{_FILE}|{_CHINESE_FILE})"
_BASIS = re.compile(rf"{_LAW}|{_ACT}")
# Seven or more digits separated only by blanks, dots or hyphens, three numbers with slashes, or a day: a phone
# number, an identity number or a date of birth, not the number of a file.
_LONG_NUMBER = re.compile(r"\d(?:[ .-]{0,2}\d){6,}|\d/\d+/\d|\b\d{1,2}([ .-])\d{1,2}\1\d{2}\b")


def is_legal_basis(text: str) -> bool:
    """Whether a text names a law with its article, or an act of an authority with its number, and nothing else."""
    return len(text) <= LONGEST and _BASIS.fullmatch(text) is not None and _LONG_NUMBER.search(text) is None
