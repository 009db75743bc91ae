"""How long a session lasts after the sign-in, and without use (NIST SP 800-63B-4, 2.2.3).

Both times are in the sealed payload. They are compared when a session is read, so that a shorter setting, and a person
who becomes staff, count at once.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY

SIGNED_IN_KEY, USED_KEY = "signed_in_at", "last_used_at"
NOTED_EVERY = dt.timedelta(minutes=5)
# The number of times that a use is recorded within the idle lifetime.
NOTES_IN_IDLE_LIFETIME = 12


def idle_lifetime(*, is_staff: bool) -> dt.timedelta:
    """Return how long a session lasts without use."""
    return settings.STAFF_SESSION_IDLE_LIFETIME if is_staff else settings.SESSION_IDLE_LIFETIME


def session_lifetime(*, is_staff: bool) -> dt.timedelta:
    """Return how long a session lasts after the sign-in, even in use."""
    return settings.STAFF_SESSION_LIFETIME if is_staff else settings.SESSION_LIFETIME


def noted_every(*, is_staff: bool) -> dt.timedelta:
    """Return the interval at which use is recorded. A session may end earlier by it, never later."""
    return min(NOTED_EVERY, idle_lifetime(is_staff=is_staff) / NOTES_IN_IDLE_LIFETIME)


def session_ends_at(payload: Mapping[str, Any], *, is_staff: bool, now: dt.datetime) -> dt.datetime:
    """Return when a session ends without further use; a signed-in session without recorded times has ended."""
    used, signed_in = time_in(payload, USED_KEY), time_in(payload, SIGNED_IN_KEY)
    if SESSION_KEY not in payload:
        return now + idle_lifetime(is_staff=False)
    if used is None or signed_in is None:
        return now
    return min(used + idle_lifetime(is_staff=is_staff), signed_in + session_lifetime(is_staff=is_staff))


def time_in(payload: Mapping[str, Any], key: str) -> dt.datetime | None:
    """Return a time that is kept in a payload, or None."""
    text = payload.get(key)
    return dt.datetime.fromisoformat(text) if text else None
