"""Countries and what follows from the law of each: age, regulator, court and the days of an answer."""

from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings

from privacy.jurisdictions.country_codes import country_codes, is_country
from privacy.jurisdictions.country_facts import (
    AgeFact,
    AnswerPeriods,
    CountryFacts,
    Court,
    LeapDay,
    LeapDayFact,
    Regulator,
)
from privacy.jurisdictions.country_keys import MOST_ANSWER_DAYS, MOST_EXTENSION_DAYS
from privacy.jurisdictions.jurisdictions import Jurisdiction, jurisdiction_of_country

# GDPR art. 8(1): the age where a country's own is not known. No law of the file has a higher one.
AGE_WHERE_UNKNOWN = 16
Fact = TypeVar("Fact", AgeFact, Court, AnswerPeriods, LeapDayFact)
NOTHING_KNOWN = CountryFacts(age=None, regulator=None, court=None, answer=None)


class UnknownCountry(LookupError):
    """The text is no code of a country (ISO 3166-1), nor of a subdivision with facts of its own."""


@dataclass(frozen=True)
class Country:
    """A country or subdivision, with what the portal does there: only facts that were reviewed count."""

    code: str
    age_fact: AgeFact | None
    regulator: Regulator | None
    court: Court | None
    periods: AnswerPeriods | None
    leap_day_fact: LeapDayFact | None = None

    @property
    def age(self) -> int:
        """The age in years from which a person consents alone; 16 where no source is known."""
        known = self.age_fact.years if self.age_fact else None
        return AGE_WHERE_UNKNOWN if known is None else known

    @property
    def needs_both(self) -> bool:
        """Whether below the age the child consents together with a parent or guardian, not the latter alone."""
        return self.age_fact is not None and self.age_fact.needs_both

    @property
    def leap_day(self) -> LeapDay:
        """The day on which somebody born on 29 February reaches an age: 1 March, the later, where no law is known."""
        return self.leap_day_fact.on if self.leap_day_fact else LeapDay.MARCH

    @property
    def answer_days(self) -> int:
        """The days in which a request is answered: those of the country's law, or fewer where its policy says so."""
        by_policy = jurisdiction_of_country(self.code.partition("-")[0]).answer_within_days
        return min(self.periods.answer_days if self.periods else MOST_ANSWER_DAYS, by_policy)

    @property
    def extension_days(self) -> int:
        """The days by which an answer may be extended, once; 0 where the law knows no extension."""
        return self.periods.extension_days if self.periods else MOST_EXTENSION_DAYS


def get_country(code: str) -> Country:
    """Return a country by its code, such as `FR`, or a subdivision, such as `US-CA`.

    A subdivision has the facts of its country where it has none of its own. Raises `UnknownCountry`.
    """
    known: dict[str, CountryFacts] = settings.COUNTRIES
    parent = code.partition("-")[0]
    if not is_country(code) and not (code in known and is_country(parent)):
        raise UnknownCountry(f"There is no country {code!r}.")
    own, wider = known.get(code, NOTHING_KNOWN), known.get(parent, NOTHING_KNOWN)
    return Country(
        code,
        age_fact=_reviewed(own.age) or _reviewed(wider.age),
        regulator=own.regulator or wider.regulator,
        court=_reviewed(own.court) or _reviewed(wider.court),
        periods=_reviewed(own.answer) or _reviewed(wider.answer),
        leap_day_fact=_reviewed(own.leap_day) or _reviewed(wider.leap_day),
    )


def age_of_consent(code: str) -> int:
    """Return the age from which a person of a country consents alone; 16 for a text that is no country."""
    return get_country(code).age if is_country(code) else AGE_WHERE_UNKNOWN


def highest_age(jurisdiction: Jurisdiction) -> int:
    """Return the age from which a person consents alone in every country of a jurisdiction."""
    return max(get_country(code).age for code in country_codes() if jurisdiction_of_country(code) == jurisdiction)


def _reviewed(fact: Fact | None) -> Fact | None:
    return fact if fact is not None and fact.source.is_reviewed else None
