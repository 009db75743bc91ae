"""Dates that a text states about itself; they are suggestions, and a person decides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_HEAD = 3000  # characters: most documents state their dates at their beginning
_LONGEST_LINE = 160  # of a statement further down; longer text is about other dates
_RANGE = re.compile(r"\b(?:until|till|through)\b|至|止|截止", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
_DATE = (
    rf"(?:(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
    rf"|(?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month_next>{_MONTH}),?\s+(?P<year_last>\d{{4}})"
    r"|(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?)"
)
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)
_UPDATED = r"(?:last\s+(?:updated?|modified|revised|changed|amended)|\bupdated?\b|\brevised\b|更新|修订)"
_EFFECTIVE = r"(?:\beffective\b|\bin\s+force\b|生效|施行)"
_UPDATED_BEFORE = re.compile(rf"{_UPDATED}[^\d\n]{{0,40}}?{_DATE}", re.IGNORECASE)
_EFFECTIVE_BEFORE = re.compile(rf"{_EFFECTIVE}[^\d\n]{{0,40}}?{_DATE}", re.IGNORECASE)
# Chinese may put the word after the date: 2026年5月4日生效.
_UPDATED_AFTER = re.compile(rf"{_DATE}起?(?:更新|修订)")
_EFFECTIVE_AFTER = re.compile(rf"{_DATE}起?(?:正式)?(?:生效|施行)")


@dataclass(frozen=True)
class StatedDates:
    """When a text says that it was updated and takes effect; None if it does not say."""

    updated_on: date | None = None
    effective_on: date | None = None


def find_dates(text: str) -> StatedDates:
    """Return the dates that a text states at its beginning, else further down, in English, Chinese or ISO form.

    Further down, a statement is a short line with one date. Of several, as in a list of changes, the latest counts.
    """
    head, rest = text[:_HEAD], text[_HEAD:].splitlines()
    lines = [line for line in rest if len(line) <= _LONGEST_LINE and not _RANGE.search(line)]
    updated, effective = (_UPDATED_AFTER, _UPDATED_BEFORE), (_EFFECTIVE_AFTER, _EFFECTIVE_BEFORE)
    return StatedDates(
        _first(head, *updated) or _latest(lines, *updated), _first(head, *effective) or _latest(lines, *effective)
    )


def without_stated_dates(text: str) -> str:
    """Return a text without the statements of when it was updated and takes effect."""
    for pattern in (_UPDATED_AFTER, _EFFECTIVE_AFTER, _UPDATED_BEFORE, _EFFECTIVE_BEFORE):
        text = pattern.sub("", text)
    return text


def _first(text: str, *patterns: re.Pattern[str]) -> date | None:
    found = (_date(match) for pattern in patterns for match in pattern.finditer(text))
    return next((stated for stated in found if stated), None)


def _latest(lines: Iterable[str], *patterns: re.Pattern[str]) -> date | None:
    alone = (line for line in lines if len(_ANY_DATE.findall(line)) == 1)
    return max(filter(None, (_first(line, *patterns) for line in alone)), default=None)


def _date(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = parts["year"] or parts["year_last"] or parts["y"]
    day = parts["day"] or parts["day_first"] or parts["d"]
    name = parts["month"] or parts["month_next"]
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["m"])
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
