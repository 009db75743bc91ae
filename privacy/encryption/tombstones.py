"""Deletes tombstones of keys that never belonged to a person: those of messages that were sent."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.encryption.models import DataKey
from privacy.inventory.retention_classes import SEALED_CLASSES

BATCH = 1_000


class TombstoneStays(ValueError):
    """The tombstones of persons prove their erasure and refuse late writes: they are kept."""


def forget_tombstones(retention_class: str, older_than: dt.timedelta) -> int:
    """Delete the tombstones of a class that are older than this by the keys database's clock; return how many.

    Oldest first, in batches, one transaction each. Living keys are never deleted. Raises `TombstoneStays` for a class
    of persons' own keys (clause 4.1 of the sample policy).
    """
    if retention_class in SEALED_CLASSES:
        raise TombstoneStays(f"The tombstones of {retention_class} keys are those of persons, and stay.")
    gone = 0
    while batch := _forget_batch(retention_class, older_than):
        gone += batch
    return gone


def old_tombstones(retention_class: str, older_than: dt.timedelta) -> QuerySet[DataKey]:
    """Return the tombstones of a class that are older than this by the keys database's clock, oldest first."""
    old = DataKey.objects.filter(retention_class=retention_class, destroyed_at__lt=Now() - older_than)
    return old.order_by("destroyed_at")


def _forget_batch(retention_class: str, older_than: dt.timedelta) -> int:
    old = old_tombstones(retention_class, older_than)
    with transaction.atomic(using="keys"):
        batch = list(old.values_list("pk", flat=True)[:BATCH])
        return old.order_by().filter(pk__in=batch).delete()[0]
