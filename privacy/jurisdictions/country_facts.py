"""Facts of each country's law, from reviewed TOML files: each with its source and the day on which it was checked."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from privacy.jurisdictions.country_keys import CountriesMalformed, check_countries
from privacy.jurisdictions.texts import LocalisedText, localised

SHIPPED = Path(__file__).parent / "countries.toml"
Tables = dict[str, dict[str, dict[str, Any]]]


class Review(StrEnum):
    """How a fact of law was found. The portal acts on `READ` and `EXCERPT` only."""

    READ = "read"  # in the source itself
    EXCERPT = "excerpt"  # the source repeats it
    UNREAD = "unread"  # no source was read
    CONFLICT = "conflict"  # two sources differ
    NOT_FOUND = "not_found"  # no source was found


@dataclass(frozen=True)
class Source:
    """Where a fact was found (empty: nowhere), when that was last checked, and how."""

    url: str
    checked_on: dt.date
    review: Review

    @property
    def is_reviewed(self) -> bool:
        """Whether the portal may act on the fact."""
        return self.review in (Review.READ, Review.EXCERPT)


@dataclass(frozen=True)
class AgeFact:
    """The age from which a person consents alone (GDPR art. 8, PIPL art. 31).

    `needs_both`: below it, the child consents together with a parent or guardian, as in France.
    """

    years: int | None
    needs_both: bool
    basis: str
    source: Source


@dataclass(frozen=True)
class Regulator:
    """The authority that takes complaints; its names in its own language and, where another, in English.

    `url` and `complaint_url` are empty where unknown; `language` is the one in which it takes complaints, or empty.
    """

    name: str
    english_name: str
    url: str
    complaint_url: str
    language: str
    source: Source


@dataclass(frozen=True)
class Court:
    """The court that a refusal must name (PIPL art. 50)."""

    name: LocalisedText
    basis: str
    source: Source


@dataclass(frozen=True)
class AnswerPeriods:
    """The days in which a law wants a request answered, and by how many days that may be extended."""

    answer_days: int
    extension_days: int
    basis: str
    source: Source


class LeapDay(StrEnum):
    """On which day somebody born on 29 February reaches an age in a year without that day."""

    FEBRUARY = "28 February"
    MARCH = "1 March"


@dataclass(frozen=True)
class LeapDayFact:
    """The day that a law names for those born on 29 February."""

    on: LeapDay
    basis: str
    source: Source


@dataclass(frozen=True)
class CountryFacts:
    """What is known of one country or subdivision; None where nothing is."""

    age: AgeFact | None
    regulator: Regulator | None
    court: Court | None
    answer: AnswerPeriods | None
    leap_day: LeapDayFact | None = None


def read_countries(file: str = "") -> dict[str, CountryFacts]:
    """Return the facts of each country by its code (ISO 3166), such as `FR`, or of its subdivision, such as `US-CA`.

    The values of `file`, a TOML file of the same form, replace those that ship, one by one. Raises
    `CountriesMalformed`, which names country and key, `OSError` for an unreadable file, and `ValueError` for a file
    that is not TOML.
    """
    declared: Tables = _read(SHIPPED)
    if file:
        given = _read(Path(file))
        for code, facts in given.items():
            for fact, values in facts.items():
                own = declared.setdefault(code, {}).setdefault(fact, {})
                own.update(values)
        check_countries(declared)
        _refuse_without_effect(declared, given)
    return {code: _facts(tables) for code, tables in declared.items()}


def _read(file: Path) -> Tables:
    """Return the tables of a file, whose keys and values are right, though some may be missing."""
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    check_countries(declared, is_complete=file == SHIPPED)
    return declared


def _refuse_without_effect(declared: Tables, given: Tables) -> None:
    """Refuse a value that the portal would not use, since the fact that ships is not reviewed."""
    for code, facts in given.items():
        for fact, values in facts.items():
            if "review" not in values and not _source(declared[code][fact]).is_reviewed:
                raise CountriesMalformed(f"{code}, {fact}.review, must say how the fact was found: read or excerpt")


def _facts(tables: Mapping[str, dict[str, Any]]) -> CountryFacts:
    age, regulator, court, answer, leap_day = (
        tables.get(fact) for fact in ("age", "regulator", "court", "answer", "leap_day")
    )
    return CountryFacts(
        age=_age(age) if age else None,
        regulator=_regulator(regulator) if regulator else None,
        court=_court(court) if court else None,
        answer=_periods(answer) if answer else None,
        leap_day=_leap_day(leap_day) if leap_day else None,
    )


def _age(values: Mapping[str, Any]) -> AgeFact:
    return AgeFact(values.get("years"), values.get("needs_both", False), values.get("basis", ""), _source(values))


def _court(values: Mapping[str, Any]) -> Court:
    name = {language.lower(): text for language, text in values["name"].items()}
    return Court(localised(name), values["basis"], _source(values))


def _periods(values: Mapping[str, Any]) -> AnswerPeriods:
    return AnswerPeriods(values["answer_days"], values["extension_days"], values["basis"], _source(values))


def _leap_day(values: Mapping[str, Any]) -> LeapDayFact:
    return LeapDayFact(LeapDay(values["on"]), values["basis"], _source(values))


def _regulator(values: Mapping[str, Any]) -> Regulator:
    name, english_name, url, complaint_url, language = (
        values.get(key, "") for key in ("name", "english_name", "url", "complaint_url", "language")
    )
    return Regulator(name, english_name, url, complaint_url, language, _source(values))


def _source(values: Mapping[str, Any]) -> Source:
    return Source(values.get("source", ""), values["checked"], Review(values.get("review", Review.EXCERPT)))
