"""Destroys the keys of children who wait no longer, which a process that died in between left behind."""

import datetime as dt
from uuid import UUID

from privacy.encryption.keys import destroy_keys, usable_keys
from privacy.guardians.models.pending import RETENTION_CLASS, PendingChild

BATCH = 100
# Longer than any transaction takes between the key and the row.
ORPHANED_AFTER = dt.timedelta(hours=1)


def destroy_orphaned_keys(*, batch: int = BATCH) -> int:
    """Destroy the keys of children who are gone; return how many. Keys are in another database than the rows."""
    destroyed, last = 0, UUID(int=0)
    while owners := usable_keys(RETENTION_CLASS, older_than=ORPHANED_AFTER, beyond=last, most=batch):
        waiting = PendingChild.objects.filter(pk__in=owners).values_list("pk", flat=True)
        orphans = set(owners) - set(waiting)
        destroy_keys(orphans)
        destroyed, last = destroyed + len(orphans), owners[-1]
    return destroyed
