"""Count a finished month once, and keep only counts that identify no one."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from privacy.inventory.suppression import suppress_small_groups
from privacy.retention.models import ClosedMonth, MonthlyCount
from privacy.retention.sources import registrations_between
from privacy.subjects.models import DataSubject

# A registration that was verified in the last moment of a month may be stored in the next one.
GRACE = dt.timedelta(hours=1)


class MonthNotOver(ValueError):
    """A month is counted once, so only when no more registrations can fall into it."""


def count_finished_months() -> int:
    """Count every month (UTC) that is over and was not counted, since the first person; return how many."""
    return sum(count_month(month=month) for month in _months_to_count())


def count_month(*, month: dt.date) -> bool:
    """Count the registrations of the month that begins on this day; return whether it was counted now.

    In one transaction. A month that was counted before is not counted again. Raises `MonthNotOver`.
    """
    start, end = _bounds(month)
    if end > _over_before():
        raise MonthNotOver(f"{month:%Y-%m} is not over.")
    try:
        with transaction.atomic():
            # The first process to close it counts it; another one waits here, and then finds it closed.
            ClosedMonth.objects.create(month=month)
            kept = suppress_small_groups(Counter(registrations_between(start, end)))
            MonthlyCount.objects.bulk_create(
                MonthlyCount(month=month, jurisdiction=jurisdiction, kind=kind, country=country, registered=people)
                for (jurisdiction, kind, country), people in sorted(kept.items())
            )
    except IntegrityError:
        if ClosedMonth.objects.filter(month=month).exists():
            return False
        raise
    return True


def _months_to_count() -> Iterator[dt.date]:
    month = _first_month()
    if month is None:
        return
    closed, over_before = set(ClosedMonth.objects.values_list("month", flat=True)), _over_before()
    while _bounds(month)[1] <= over_before:
        if month not in closed:
            yield month
        month = _next(month)


def _first_month() -> dt.date | None:
    closed = ClosedMonth.objects.order_by("month").values_list("month", flat=True).first()
    if closed:
        return closed
    first = DataSubject.objects.order_by("created_at").values_list("created_at", flat=True).first()
    return first.astimezone(dt.UTC).date().replace(day=1) if first else None


def _over_before() -> dt.datetime:
    """Return the time before which a month must have ended, by the database's clock."""
    now: dt.datetime | None = DataSubject.objects.annotate(now=Now()).values_list("now", flat=True).first()
    return now - GRACE if now else dt.datetime.min.replace(tzinfo=dt.UTC)


def _bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    start, end = (dt.datetime(day.year, day.month, 1, tzinfo=dt.UTC) for day in (month, _next(month)))
    return start, end


def _next(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
