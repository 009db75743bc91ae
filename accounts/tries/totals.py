"""Totals over all people in windows of five minutes, so that one password tried at many accounts shows."""

import datetime as dt

from django.conf import settings
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from accounts.tries.models import TryTotal

WINDOW = dt.timedelta(minutes=5)
# Alarms are raised every hour and look back at all of it; a day of totals is enough to see an attack's course.
LOOKED_BACK, KEPT = dt.timedelta(hours=1), dt.timedelta(days=1)


def count_total(kind: TryTotal.Kind) -> None:
    """Count one more of a kind, in the present window."""
    window = _window_of(timezone.now())
    present = TryTotal.objects.filter(kind=kind, window=window)
    if not present.update(count=F("count") + 1):
        TryTotal.objects.bulk_create([TryTotal(kind=kind, window=window)], ignore_conflicts=True)
        present.update(count=F("count") + 1)


def newest_totals() -> dict[str, int]:
    """Return how many there were of each kind in the last whole window and the present one, the larger of both."""
    newest = _since(timezone.now() - WINDOW).values_list("kind").annotate(Max("count"))
    return dict.fromkeys(TryTotal.Kind.values, 0) | dict(newest)


def alarming_totals() -> QuerySet[TryTotal]:
    """Return the windows of the last hour in which there were more than `MOST_TRIES_OF_ALL`, largest first."""
    return _since(timezone.now() - LOOKED_BACK).filter(count__gt=settings.MOST_TRIES_OF_ALL).order_by("-count")


def remove_old_totals() -> int:
    """Remove the totals that are older than a day; return how many went."""
    return TryTotal.objects.filter(window__lt=timezone.now() - KEPT).delete()[0]


def _since(moment: dt.datetime) -> QuerySet[TryTotal]:
    return TryTotal.objects.filter(window__gte=_window_of(moment))


def _window_of(moment: dt.datetime) -> dt.datetime:
    passed = dt.timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment - passed
