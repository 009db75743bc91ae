"""Whether somebody has reached the age of consent of a country (GDPR art. 8, PIPL art. 31), from the month of birth.

What counts is the date where the person is. Where a country has several, it is the earliest one, so that no one passes
too early. Somebody born on 29 February reaches the age, in a year without that day, on the day that the country names
(`leap_day`); else on 1 March, which is the later reading.
"""

import datetime as dt
from calendar import isleap, monthrange
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.country_facts import LeapDay
from privacy.jurisdictions.time_zones import zones_of_country

# The zone whose day begins last, for a country without a zone of its own.
LAST_ZONE = "Etc/GMT+12"
OLDEST = 130
FEBRUARY, LEAP_DAY = 2, 29


class DayNeeded(Exception):
    """The month alone does not decide: the age is reached in the present month, and the day of birth is needed."""


@dataclass(frozen=True)
class Birth:
    """The month of a birth, with its day where that is known. Never stored."""

    year: int
    month: int
    day: int | None = None


@dataclass(frozen=True)
class Age:
    """The answer to the age question. `reached_on` is None for somebody who is of age.

    Otherwise it is the day on which they reach the age; where the day of birth is not known, the last one possible.
    """

    country: str
    reached_on: dt.date | None = None

    @property
    def is_reached(self) -> bool:
        """Whether the person consents alone."""
        return self.reached_on is None


def age_in(country: str, birth: Birth, now: dt.datetime) -> Age:
    """Return whether a person has reached the age of consent of a country, else on which day they do.

    Raises `DayNeeded`, `ValueError` for a day that the month does not have, and `UnknownCountry`.
    """
    years, today = get_country(country).age, earliest_date(country, now)
    first, last = _possible_days(birth, years, get_country(country).leap_day)
    if today >= last:
        return Age(country)
    if today >= first:
        raise DayNeeded
    return Age(country, last)


def earliest_date(country: str, now: dt.datetime) -> dt.date:
    """Return the present date in that zone of a country whose day begins last."""
    zones = zones_of_country(country) or {LAST_ZONE}
    return min(now.astimezone(ZoneInfo(zone)).date() for zone in zones)


def birthday(born_on: dt.date, years: int, leap_day: LeapDay = LeapDay.MARCH) -> dt.date:
    """Return the day on which somebody reaches an age; `leap_day` is that of a country, for 29 February."""
    year = born_on.year + years
    if (born_on.month, born_on.day) == (FEBRUARY, LEAP_DAY) and not isleap(year):
        return dt.date(year, FEBRUARY, 28) if leap_day == LeapDay.FEBRUARY else dt.date(year, FEBRUARY + 1, 1)
    return born_on.replace(year=year)


def _possible_days(birth: Birth, years: int, leap_day: LeapDay) -> tuple[dt.date, dt.date]:
    """Return the first and the last day on which the age may be reached."""
    last_day = monthrange(birth.year, birth.month)[1]
    days = (birth.day, birth.day) if birth.day else (1, last_day)
    first, last = (birthday(dt.date(birth.year, birth.month, day), years, leap_day) for day in days)
    return first, last
