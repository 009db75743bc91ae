"""Periods in the reader's words, so that no page promises another than the setting's own."""

import datetime as dt

from django.utils.translation import ngettext

_MINUTE, _HOUR, _DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# From two days on, whole days are said as days: 24 hours stay hours.
_IN_DAYS = 2 * _DAY


def in_words(period: dt.timedelta) -> str:
    """Return a period such as "10 minutes", "24 hours" or "7 days"; what is left of a minute counts as one."""
    if period >= _IN_DAYS and not period % _DAY:
        days = period // _DAY
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if period >= _HOUR and not period % _HOUR:
        hours = period // _HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    minutes = -(-period // _MINUTE)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
