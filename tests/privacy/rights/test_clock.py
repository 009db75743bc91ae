"""The due instant of a request: never later than any reading of the promise, and at least fourteen full days away."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from privacy.rights.clock import DAY, SECOND, due_after, end_of_day

pytestmark = pytest.mark.embedded

# "localtime" and "Factory" are no places.
ZONES = sorted(zone for zone in available_timezones() if zone not in ("localtime", "Factory", "posixrules"))
CONTROLLERS = ("Asia/Shanghai", "Europe/Belgrade")
FIRST, LAST = dt.datetime(2025, 12, 1), dt.datetime(2031, 2, 1)


@cache
def changes(zone: str) -> list[dt.datetime]:
    """Return the instants around which the clocks of a zone change in the years tested."""
    place, found, day = ZoneInfo(zone), [], FIRST.replace(tzinfo=dt.UTC)
    while day < LAST.replace(tzinfo=dt.UTC):
        if day.astimezone(place).utcoffset() != (day + DAY).astimezone(place).utcoffset():
            found.append(day)
        day += DAY
    return found


def instants(zone: str) -> st.SearchStrategy[dt.datetime]:
    """Any instant; those around a change of the clocks, and around a year's end, are drawn more often."""
    anywhere = st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC))
    years = st.builds(
        lambda year, off: dt.datetime(year, 1, 1, tzinfo=dt.UTC) + off,
        st.integers(2026, 2031),
        st.timedeltas(-DAY, DAY),
    )
    near = [years]
    if changes(zone):
        near.append(st.builds(lambda at, off: at + off, st.sampled_from(changes(zone)), st.timedeltas(-20 * DAY, DAY)))
    return st.one_of(anywhere, *near)


@st.composite
def receipts(draw: st.DrawFn) -> tuple[str, str, dt.datetime]:
    zone = draw(st.sampled_from(ZONES))
    return zone, draw(st.sampled_from(CONTROLLERS)), draw(instants(zone))


def as_read_in(zone: str, received_at: dt.datetime, days: int) -> dt.datetime:
    """Return when the period is over by the calendar of one zone alone."""
    return end_of_day(received_at.astimezone(ZoneInfo(zone)).date() + days * DAY, zone)


@given(receipt=receipts())
@example(receipt=("Pacific/Kiritimati", "Europe/Belgrade", dt.datetime(2026, 1, 1, 22, 59, 59, tzinfo=dt.UTC)))
@example(receipt=("Pacific/Pago_Pago", "Asia/Shanghai", dt.datetime(2026, 1, 2, 10, 59, tzinfo=dt.UTC)))
@example(receipt=("Etc/GMT+12", "Asia/Shanghai", dt.datetime(2026, 1, 2, 11, 59, tzinfo=dt.UTC)))
def test_it_is_never_later_than_any_reading_and_at_least_fourteen_full_days_away(receipt):
    zone, controller, received_at = receipt
    due = due_after(received_at=received_at, days=15, zones=(zone, controller), rule="policy 9.2")
    for place in (zone, controller):
        assert due.at < as_read_in(place, received_at, 15)
    assert due.at - received_at >= 14 * DAY
    assert due.first_day == min(received_at.astimezone(ZoneInfo(place)).date() for place in (zone, controller))


@given(receipt=receipts())
def test_it_is_the_end_of_the_last_day_in_one_of_the_zones(receipt):
    zone, controller, received_at = receipt
    due = due_after(received_at=received_at, days=15, zones=(zone, controller), rule="policy 9.2")
    last_day = due.first_day + 15 * DAY
    # One second later the last day is over there, and nowhere before that.
    assert (due.at + SECOND).astimezone(ZoneInfo(due.zone)).date() > last_day
    assert all(due.at.astimezone(ZoneInfo(place)).date() <= last_day for place in (zone, controller))


@given(receipt=receipts(), days=st.integers(1, 60))
def test_a_longer_period_is_due_later_and_is_a_whole_second_of_utc(receipt, days: int):
    zone, controller, received_at = receipt
    shorter = due_after(received_at=received_at, days=days, zones=(zone, controller), rule="r")
    longer = due_after(received_at=received_at, days=days + 1, zones=(zone, controller), rule="r")
    assert longer.at > shorter.at
    assert shorter.at.utcoffset() == dt.timedelta(0)
    assert shorter.at.microsecond == 0


def test_each_day_ends_once_and_a_later_one_begins_there_in_every_zone():
    for zone in ZONES:
        place = ZoneInfo(zone)
        for day in [change.date() + n * DAY for change in changes(zone)[:4] for n in (-1, 0, 1)]:
            end = end_of_day(day, zone)
            assert (end - SECOND).astimezone(place).date() <= day < end.astimezone(place).date()


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (dt.date(2026, 1, 1), "Asia/Shanghai", "2026-01-01T16:00:00+00:00"),
        # Midnight does not exist: the clocks go from 23:59:59 to 01:00.
        (dt.date(2026, 9, 5), "America/Santiago", "2026-09-06T04:00:00+00:00"),
        # It comes twice.
        (dt.date(2026, 10, 31), "America/Havana", "2026-11-01T04:00:00+00:00"),
        # A whole day is left out.
        (dt.date(2011, 12, 29), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),
        # The clocks jump from half past eleven to half past midnight.
        (dt.date(1919, 3, 30), "America/Toronto", "1919-03-31T04:30:00+00:00"),
    ],
)
def test_days_end_where_clocks_change(day: dt.date, zone: str, end: str):
    assert end_of_day(day, zone).isoformat() == end


def test_a_country_with_many_zones_takes_the_earliest():
    received_at = dt.datetime(2026, 11, 29, 22, 0, tzinfo=dt.UTC)
    zones = ("America/New_York", "Pacific/Honolulu", "Europe/Belgrade")
    due = due_after(received_at=received_at, days=15, zones=zones, rule="policy 9.2")
    assert (due.first_day, due.zone) == (dt.date(2026, 11, 29), "Europe/Belgrade")
    assert due.at.isoformat() == "2026-12-14T22:59:59+00:00"
    assert due.inputs() == {
        "days": 15,
        "received_at": "2026-11-29T22:00:00+00:00",
        "first_day": "2026-11-29",
        "zone": "Europe/Belgrade",
        "zones": ["America/New_York", "Europe/Belgrade", "Pacific/Honolulu"],
    }
