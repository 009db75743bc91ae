"""The PostgreSQL backend: times read as Django reads them."""

import datetime as dt

import pytest
from django.db import connection

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-25 02:23:20.200669+00", dt.datetime(2026, 11, 25, 2, 23, 20, 200669, dt.UTC)),
        ("2026-11-25 02:23:20.2+00", dt.datetime(2026, 11, 25, 2, 23, 20, 200000, dt.UTC)),
        ("2026-11-25 02:23:20+00", dt.datetime(2026, 11, 25, 2, 23, 20, 0, dt.UTC)),
        ("2026-11-25 02:23:20+08", dt.datetime(2026, 11, 24, 18, 23, 20, 0, dt.UTC)),
        ("0001-01-01 00:00:00+00", dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
        ("9999-12-31 23:59:59.999999+00", dt.datetime(9999, 12, 31, 23, 59, 59, 999999, dt.UTC)),
    ],
)
def test_a_moment_is_read_in_utc(text: str, moment: dt.datetime):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        (found,) = cursor.fetchone()
    assert (found, found.tzinfo) == (moment, dt.UTC)


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 12:00:00+00 BC"])
def test_a_moment_that_python_cannot_hold_is_an_error_and_no_other_moment(text: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        with pytest.raises(Exception, match="timestamp"):
            cursor.fetchone()
