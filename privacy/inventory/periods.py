"""Periods in the reader's words, so that every page states the value of the setting."""

import datetime as dt
import math
from typing import Literal

from babel.dates import format_timedelta

from privacy.inventory.locales import present_locale

_MINUTE, _HOUR, _DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# From two days on, whole days are given in days; 24 hours are given in hours.
_IN_DAYS = 2 * _DAY


def period_in_words(period: dt.timedelta) -> str:
    """Return a period such as "10 minutes", "24 hours" or "7 days"; a part of a minute counts as one."""
    if period >= _IN_DAYS and not period % _DAY:
        return _in_unit(period, "day")
    if period >= _HOUR and not period % _HOUR:
        return _in_unit(period, "hour")
    return _in_unit(-(-period // _MINUTE) * _MINUTE, "minute")


def _in_unit(period: dt.timedelta, unit: Literal["day", "hour", "minute"]) -> str:
    # No period reaches the threshold, so Babel keeps the unit. Its `format_unit` lacks Chinese units.
    return format_timedelta(period, granularity=unit, threshold=math.inf, locale=present_locale())
