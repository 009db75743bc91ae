"""How many people are written to in a minute, by all rounds together."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from privacy.announcements.models import Announcement
from privacy.evidence.clock import database_now
from privacy.notices.services import BATCH as SENT_BY_A_SWEEP

_MINUTE = timedelta(minutes=1)


def people_per_minute() -> float:
    """Return the pace: `ANNOUNCEMENTS_PER_MINUTE`, or what the sweep of messages sends in a minute where that is less.

    More than that would wait in the queue, in front of every later message.
    """
    return min(settings.ANNOUNCEMENTS_PER_MINUTE, SENT_BY_A_SWEEP * (_MINUTE / settings.SWEEP_EVERY))


def allowance() -> int:
    """Return how many people may be written to now, by whichever round.

    The pace is kept over a minute, or over the time between two sweeps where that is longer: after an outage, nothing
    more than that is caught up with at once.
    """
    now = database_now()
    return int(people_per_minute() * ((now - _paced_until(now)) / _MINUTE))


def spend(announcement: Announcement, people: int) -> None:
    """Take up the pace with people whom a round writes to, in the transaction that stores their messages.

    Its caller holds the lock on every open round.
    """
    until = _paced_until(database_now()) + _MINUTE * (people / people_per_minute())
    Announcement.objects.filter(pk=announcement.pk).update(paced_until=until)


def _paced_until(now: datetime) -> datetime:
    longest_ago = now - max(_MINUTE, settings.SWEEP_EVERY)
    latest: datetime | None = Announcement.objects.aggregate(latest=Max("paced_until"))["latest"]
    return max(latest or longest_ago, longest_ago)
