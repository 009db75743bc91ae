"""The age question: month and year of birth, the day only where these do not decide."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.guardians.ages import Age, Birth, DayNeeded, age_in, birthday, earliest_date
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.country_codes import country_codes
from privacy.jurisdictions.country_facts import read_countries
from privacy.jurisdictions.country_keys import CountriesMalformed

NOON = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("country", "year", "month", "reached_on"),
    [
        ("DE", 2010, 10, None),
        ("DE", 2010, 12, dt.date(2026, 12, 31)),
        ("FR", 2011, 10, None),
        ("FR", 2011, 12, dt.date(2026, 12, 31)),
        ("CN", 2012, 12, dt.date(2026, 12, 31)),
        ("GB", 2013, 10, None),
        # In a year without 29 February, somebody born in that month may reach the age on 1 March.
        ("DE", 2012, 2, dt.date(2028, 2, 29)),
        ("FR", 2012, 2, dt.date(2027, 3, 1)),
    ],
)
def test_the_month_decides_where_it_can(country: str, year: int, month: int, reached_on: dt.date | None):
    assert age_in(country, Birth(year, month), NOON) == Age(country, reached_on)


def test_the_day_is_needed_in_the_month_of_the_birthday_only():
    with pytest.raises(DayNeeded):
        age_in("DE", Birth(2010, 11), NOON)
    assert age_in("DE", Birth(2010, 11, 29), NOON).is_reached
    assert age_in("DE", Birth(2010, 11, 30), NOON).reached_on == dt.date(2026, 11, 30)
    last_day = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
    assert age_in("DE", Birth(2010, 11), last_day).is_reached


def test_the_date_is_the_earliest_one_of_the_country():
    just_after_midnight = dt.datetime(2026, 11, 30, 0, 30, tzinfo=dt.UTC)
    assert earliest_date("DE", just_after_midnight) == dt.date(2026, 11, 30)
    assert earliest_date("US", just_after_midnight) == dt.date(2026, 11, 29)
    assert earliest_date("BV", just_after_midnight) == dt.date(2026, 11, 29)


@pytest.mark.parametrize(("years", "day"), [(14, dt.date(2026, 3, 1)), (16, dt.date(2028, 2, 29))])
def test_somebody_born_on_29_february_reaches_the_age_on_1_march_where_the_year_has_no_such_day(years, day):
    assert birthday(dt.date(2012, 2, 29), years) == day


LEAP = 'on = "28 February", basis = "Example Act s. 5", source = "https://example.org/act", checked = 2026-11-29'


@pytest.fixture
def leaping(tmp_path, settings):
    """Nepal: those born on 29 February reach an age on 28 February."""
    file = tmp_path / "countries.toml"

    def set_review(review: str) -> None:
        file.write_text(f'[NP]\nleap_day = {{ {LEAP}, review = "{review}" }}\n')
        settings.COUNTRIES = read_countries(str(file))

    return set_review


@pytest.mark.parametrize(
    ("country", "review", "reached_on"),
    [
        ("NP", "read", dt.date(2029, 2, 28)),
        # A fact that nobody reviewed has no effect: the later day holds.
        ("NP", "unread", dt.date(2029, 3, 1)),
        ("DE", "read", dt.date(2029, 3, 1)),
    ],
)
def test_a_country_says_when_those_born_on_29_february_reach_an_age(leaping, country, review, reached_on):
    leaping(review)
    assert birthday(dt.date(2012, 2, 29), 17, get_country(country).leap_day) == reached_on
    assert birthday(dt.date(2012, 2, 29), 16, get_country(country).leap_day) == dt.date(2028, 2, 29)


@pytest.mark.parametrize(("country", "last_minor_day"), [("NP", 27), ("DE", 28)])
def test_the_leap_day_counts_in_the_zone_of_the_country(leaping, monkeypatch, country, last_minor_day):
    leaping("read")
    # An age of 17 in 2029 is that of somebody born in 2012.
    monkeypatch.setattr(type(get_country("DE")), "age", 17)
    zone = {"NP": "Asia/Kathmandu", "DE": "Europe/Berlin"}[country]
    before = dt.datetime(2029, 2, last_minor_day, 23, 59, tzinfo=ZoneInfo(zone))
    born = Birth(2012, 2, 29)
    assert not age_in(country, born, before).is_reached
    assert age_in(country, born, before + dt.timedelta(minutes=1)).is_reached


def test_another_leap_day_is_refused(tmp_path):
    file = tmp_path / "countries.toml"
    file.write_text('[NP]\nleap_day = { on = "29 February" }\n')
    with pytest.raises(CountriesMalformed, match=r"NP, leap_day\.on, must be 28 February or 1 March"):
        read_countries(str(file))


def test_a_day_that_the_month_does_not_have_is_refused():
    with pytest.raises(ValueError, match="day"):
        age_in("DE", Birth(2010, 11, 31), NOON)


@given(st.sampled_from(sorted(country_codes())), st.dates(dt.date(1920, 1, 1), dt.date(2026, 11, 29)))
def test_nobody_passes_before_their_day_and_the_month_never_contradicts_the_day(country: str, born_on: dt.date):
    exact = age_in(country, Birth(born_on.year, born_on.month, born_on.day), NOON)
    day = birthday(born_on, get_country(country).age, get_country(country).leap_day)
    assert exact.is_reached == (earliest_date(country, NOON) >= day)
    try:
        by_month = age_in(country, Birth(born_on.year, born_on.month), NOON)
    except DayNeeded:
        return
    assert by_month.is_reached == exact.is_reached
    if by_month.reached_on:
        assert by_month.reached_on >= day
