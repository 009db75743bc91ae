"""Whoever decides about a person locks their row first, so that of two who decide one sees what the other did."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from privacy.subjects.models import DataSubject

_IN_ORDER = DataSubject.objects.select_for_update(no_key=True).order_by("pk").values_list("pk")


def lock_subjects(subjects: Collection[UUID]) -> None:
    """Lock these persons' rows until the transaction ends; wait for whoever else decides about them.

    Rows that point at them are still written meanwhile. Come here before any row that others lock after this.
    """
    list(_IN_ORDER.filter(pk__in=subjects))


def lock_free_subjects(subjects: Collection[UUID]) -> set[UUID]:
    """Lock the rows of those about whom nobody else decides, wait for none, and return them.

    SQLite lets one write at a time: everybody is free.
    """
    rows = DataSubject.objects.filter(pk__in=list(subjects)).values_list("pk", flat=True)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(no_key=True, skip_locked=True)
    return set(rows)
