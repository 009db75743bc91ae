"""The pace of announcements: how many people all rounds together write to in a minute."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from privacy.announcements.models import Announcement
from privacy.evidence.clock import database_now
from privacy.notices.services import BATCH as SENT_BY_A_SWEEP

_MINUTE = timedelta(minutes=1)


def people_per_minute() -> float:
    """Return people per minute: `ANNOUNCEMENTS_PER_MINUTE`, or the messages sent in a minute if that is less.

    A higher pace would delay every later message in the queue.
    """
    return min(settings.ANNOUNCEMENTS_PER_MINUTE, SENT_BY_A_SWEEP * (_MINUTE / settings.SWEEP_EVERY))


def allowance() -> int:
    """Return how many people all rounds together may write to now.

    The pace is kept over a minute, or over the time between two sweeps if that is longer: after an outage, no more than
    that is caught up.
    """
    now = database_now()
    return int(people_per_minute() * ((now - _paced_until(now)) / _MINUTE))


def spend(announcement: Announcement, people: int) -> None:
    """Count people whom a round writes to against the pace, in the transaction that stores their messages.

    The caller holds the lock on every open round.
    """
    until = _paced_until(database_now()) + _MINUTE * (people / people_per_minute())
    Announcement.objects.filter(pk=announcement.pk).update(paced_until=until)


def _paced_until(now: datetime) -> datetime:
    longest_ago = now - max(_MINUTE, settings.SWEEP_EVERY)
    latest: datetime | None = Announcement.objects.aggregate(latest=Max("paced_until"))["latest"]
    return max(latest or longest_ago, longest_ago)
