"""The form of a file of countries: which keys a fact has, and which values each of them accepts."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from privacy.jurisdictions.country_codes import is_country

MOST_ANSWER_DAYS, MOST_EXTENSION_DAYS = 15, 45
LEAST_AGE, MOST_AGE = 13, 18
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_ACTED_ON = ("read", "excerpt")


class CountriesMalformed(ValueError):
    """A file of countries does not have the form that the first lines of the one that ships describe."""


class _Accepts(NamedTuple):
    test: Callable[[Any], object]
    words: str


def _whole(least: int, most: int) -> _Accepts:
    return _Accepts(
        lambda value: type(value) is int and least <= value <= most, f"a whole number from {least} to {most}"
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_TEXT = _Accepts(_is_text, "a text")
_TEXTS = _Accepts(
    lambda value: isinstance(value, dict) and "en" in value and all(map(_is_text, value.values())),
    "a table of texts by language, `en` among them",
)
_ADDRESS = _Accepts(
    lambda value: isinstance(value, str) and re.fullmatch(r"https://[^\s/]+\.[^\s]+", value),
    "an address that begins with https://",
)
_SOURCE = {
    "source": _ADDRESS,
    "checked": _Accepts(lambda value: type(value) is dt.date, "a date such as 2026-11-29"),
    "review": _Accepts(
        lambda value: value in (*_ACTED_ON, "unread", "conflict", "not_found"),
        "one of read, excerpt, unread, conflict, not_found",
    ),
}
_KEYS: dict[str, dict[str, _Accepts]] = {
    "age": {
        "years": _whole(LEAST_AGE, MOST_AGE),
        "needs_both": _Accepts(lambda value: isinstance(value, bool), "true or false"),
        "basis": _TEXT,
        **_SOURCE,
    },
    "regulator": {
        "name": _TEXT,
        "english_name": _TEXT,
        "url": _ADDRESS,
        "complaint_url": _ADDRESS,
        "language": _Accepts(
            lambda value: isinstance(value, str) and re.fullmatch("[a-z]{2,3}", value), "a code such as de"
        ),
        **{key: accepts for key, accepts in _SOURCE.items() if key != "review"},
    },
    "court": {"name": _TEXTS, "basis": _TEXT, **_SOURCE},
    "answer": {
        "answer_days": _whole(1, MOST_ANSWER_DAYS),
        "extension_days": _whole(0, MOST_EXTENSION_DAYS),
        "basis": _TEXT,
        **_SOURCE,
    },
    "leap_day": {
        "on": _Accepts(lambda value: value in ("28 February", "1 March"), "28 February or 1 March"),
        "basis": _TEXT,
        **_SOURCE,
    },
}
_REQUIRED = {
    "age": ("checked", "review"),
    "regulator": ("name", "source", "checked"),
    "court": ("name", "basis", "checked", "review"),
    "answer": ("answer_days", "extension_days", "basis", "checked", "review"),
    "leap_day": ("on", "basis", "checked", "review"),
}
_REQUIRED_IF_ACTED_ON = {"age": ("years", "source")} | dict.fromkeys(("court", "answer", "leap_day"), ("source",))


def check_countries(declared: Mapping[str, Any], *, is_complete: bool = True) -> None:
    """Raise `CountriesMalformed` for the first key or value that a file may not have; the error names both.

    With `is_complete`, each fact also needs its values, its source and its date.
    """
    for code, facts in declared.items():
        country, _, _ = code.partition("-")
        if not is_country(country) or (code != country and not _SUBDIVISION.fullmatch(code)):
            raise CountriesMalformed(f"{code!r} is no country, such as FR, and no subdivision, such as US-CA")
        _check_table(code, facts, _KEYS)
        for fact, values in facts.items():
            _check_table(f"{code}, {fact}", values, _KEYS[fact])
            for key, value in values.items():
                if not _KEYS[fact][key].test(value):
                    raise CountriesMalformed(f"{code}, {fact}.{key}, must be {_KEYS[fact][key].words}; it is {value!r}")
            if is_complete:
                _check_complete(code, fact, values)


def _check_table(place: str, table: object, keys: Mapping[str, object]) -> None:
    if not isinstance(table, dict):
        raise CountriesMalformed(f"{place}, must be a table")
    if unknown := sorted(set(table) - set(keys)):
        raise CountriesMalformed(f"{place}, may have {', '.join(keys)}; it has {', '.join(unknown)}")


def _check_complete(code: str, fact: str, values: Mapping[str, object]) -> None:
    required = _REQUIRED[fact]
    if values.get("review") in _ACTED_ON:
        required += _REQUIRED_IF_ACTED_ON[fact]
    if missing := [key for key in required if key not in values]:
        raise CountriesMalformed(f"{code}, {fact}.{missing[0]}, is missing")
