"""Rows that should have been deleted by age and are still there: the purge does not run, fails, or is too slow."""

import datetime as dt
from collections.abc import Iterator

from django.db import models

from privacy.encryption.models import DataKey
from privacy.encryption.tombstones import old_tombstones
from privacy.evidence.clock import database_now
from privacy.holds.queries import subjects_held_within
from privacy.inventory.retention_classes import RetentionClass, period_of
from privacy.notices.models import RETENTION_CLASS as NOTICE_KEYS
from privacy.retention.purging import ageing_records, expired_rows

# The purge runs every hour; after the end of a hold, too, it has this long.
LATE_AFTER = dt.timedelta(hours=3)


def ageing_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Yield each model whose rows are deleted by age, and the column that their age counts from."""
    for model, record, _period in ageing_records():
        yield model, record.ages_from


def seconds_overdue() -> dict[str, float]:
    """Return by record how many seconds ago its oldest row should have been deleted; 0 where none should.

    One row of each record is read, by the index of its age. Rows that a hold keeps, or kept until `LATE_AFTER` ago,
    do not count.
    """
    now = database_now()
    return {label: _seconds(now - due) if due else 0.0 for label, due in _oldest_due()}


def late_records() -> list[tuple[str, float]]:
    """Return the records that are overdue for longer than `LATE_AFTER`, each with its seconds."""
    return [(label, seconds) for label, seconds in seconds_overdue().items() if seconds > LATE_AFTER.total_seconds()]


def _oldest_due() -> Iterator[tuple[str, dt.datetime | None]]:
    for model, record, period in ageing_records():
        assert record.retention is not None  # noqa: S101 - for the type checker: a record that ages has a class
        held = subjects_held_within(record.retention, LATE_AFTER)
        rows = expired_rows(model, record, period).exclude(**{f"{record.subject}__in": held})
        oldest = rows.values_list(record.ages_from, flat=True).first()
        yield model._meta.label_lower, oldest + period if oldest else None
    if (period_of_keys := period_of(RetentionClass.MESSAGES)) is not None:
        tombstone = old_tombstones(NOTICE_KEYS, period_of_keys).values_list("destroyed_at", flat=True).first()
        yield DataKey._meta.label_lower, tombstone + period_of_keys if tombstone else None


def _seconds(duration: dt.timedelta) -> float:
    return max(0.0, duration.total_seconds())
