"""Destroys the keys of messages that do not wait: a process that died in between left them behind."""

import datetime as dt
from uuid import UUID

from privacy.encryption.keys import destroy_keys, usable_keys
from privacy.notices.models import RETENTION_CLASS, Notice

BATCH = 100
# Longer than any transaction takes between the key and the message.
ORPHANED_AFTER = dt.timedelta(hours=1)


def destroy_orphaned_keys(*, batch: int = BATCH) -> int:
    """Destroy the keys of messages that do not wait; return how many.

    A key is made before its message is stored, and destroyed after it is deleted, in another database. A transaction
    that is rolled back, or a process that dies in between, leaves a key without a message.
    """
    destroyed, last = 0, UUID(int=0)
    while owners := usable_keys(RETENTION_CLASS, older_than=ORPHANED_AFTER, beyond=last, most=batch):
        waiting = Notice.objects.filter(pk__in=owners, state=Notice.State.QUEUED).values_list("pk", flat=True)
        orphans = set(owners) - set(waiting)
        destroy_keys(orphans)
        destroyed, last = destroyed + len(orphans), owners[-1]
    return destroyed
