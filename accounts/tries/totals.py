"""Totals over all people in windows of five minutes, which show one password that is tried at many accounts."""

import datetime as dt

from django.conf import settings
from django.db import connections, router, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.tries.models import TryTotal

WINDOW = dt.timedelta(minutes=5)
COLUMNS = ("count", "kind", "window")
# One day of totals shows the course of an attack.
KEPT = dt.timedelta(days=1)


def count_total(kind: TryTotal.Kind) -> None:
    """Add one to a kind in the present window."""
    window = _window_of(timezone.now())
    if not _add_one(kind, window):
        TryTotal.objects.bulk_create([TryTotal(kind=kind, window=window)], ignore_conflicts=True)
        _add_one(kind, window)


def _add_one(kind: TryTotal.Kind, window: dt.datetime) -> bool:
    """Add one where the window has its row. Plain SQL, because each code is counted here."""
    connection = connections[router.db_for_write(TryTotal)]
    table, count, of_kind, of_window = map(connection.ops.quote_name, (TryTotal._meta.db_table, *COLUMNS))
    sql = f"UPDATE {table} SET {count} = {count} + 1 WHERE {of_kind} = %s AND {of_window} = %s"  # noqa: S608 - names of the model
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, [str(kind), connection.ops.adapt_datetimefield_value(window)])
        return bool(cursor.rowcount)


def newest_totals() -> dict[str, int]:
    """Return the total of each kind: the larger of the last full window and the present one."""
    since = _window_of(timezone.now() - WINDOW)
    newest = TryTotal.objects.filter(window__gte=since).values_list("kind").annotate(Max("count"))
    return dict.fromkeys(TryTotal.Kind.values, 0) | dict(newest)


def alarming_totals() -> dict[str, int]:
    """Return the newest totals that are larger than `MOST_TRIES_OF_ALL`, by kind."""
    return {kind: count for kind, count in newest_totals().items() if count > settings.MOST_TRIES_OF_ALL}


def remove_old_totals() -> int:
    """Delete totals that are older than a day; return how many."""
    return TryTotal.objects.filter(window__lt=timezone.now() - KEPT).delete()[0]


def _window_of(moment: dt.datetime) -> dt.datetime:
    passed = dt.timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment - passed
