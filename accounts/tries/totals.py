"""Totals over all people in windows of five minutes, so that one password tried at many accounts shows."""

import datetime as dt

from django.conf import settings
from django.db.models import F, Max
from django.utils import timezone

from accounts.tries.models import TryTotal

WINDOW = dt.timedelta(minutes=5)
# A day of totals is enough to see an attack's course.
KEPT = dt.timedelta(days=1)


def count_total(kind: TryTotal.Kind) -> None:
    """Count one more of a kind, in the present window."""
    window = _window_of(timezone.now())
    present = TryTotal.objects.filter(kind=kind, window=window)
    if not present.update(count=F("count") + 1):
        TryTotal.objects.bulk_create([TryTotal(kind=kind, window=window)], ignore_conflicts=True)
        present.update(count=F("count") + 1)


def newest_totals() -> dict[str, int]:
    """Return how many there were of each kind in the last whole window and the present one, the larger of both."""
    since = _window_of(timezone.now() - WINDOW)
    newest = TryTotal.objects.filter(window__gte=since).values_list("kind").annotate(Max("count"))
    return dict.fromkeys(TryTotal.Kind.values, 0) | dict(newest)


def alarming_totals() -> dict[str, int]:
    """Return the newest totals that are larger than `MOST_TRIES_OF_ALL`, by kind."""
    return {kind: count for kind, count in newest_totals().items() if count > settings.MOST_TRIES_OF_ALL}


def remove_old_totals() -> int:
    """Remove the totals that are older than a day; return how many went."""
    return TryTotal.objects.filter(window__lt=timezone.now() - KEPT).delete()[0]


def _window_of(moment: dt.datetime) -> dt.datetime:
    passed = dt.timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment - passed
