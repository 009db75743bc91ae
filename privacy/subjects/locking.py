"""Every decision about a person locks their row first, so that the second of two decisions sees the first."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from privacy.subjects.models import DataSubject

_IN_ORDER = DataSubject.objects.select_for_update(no_key=True).order_by("pk").values_list("pk")


def lock_subjects(subjects: Collection[UUID]) -> None:
    """Lock these persons' rows until the transaction ends; wait for other decisions about them.

    Rows that point at them can still be written meanwhile. Call this before any row that others lock after it.
    """
    list(_IN_ORDER.filter(pk__in=subjects))


def lock_free_subjects(subjects: Collection[UUID]) -> set[UUID]:
    """Lock the rows of the persons that no other transaction has locked, without waiting, and return them.

    SQLite allows one writer at a time: all of them are free.
    """
    rows = DataSubject.objects.filter(pk__in=list(subjects)).values_list("pk", flat=True)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(no_key=True, skip_locked=True)
    return set(rows)
