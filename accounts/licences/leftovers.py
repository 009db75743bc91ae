"""Remove what an interrupted upload or deletion left: sealed files without a row, keys without a row."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from accounts.licences.files import delete_files, licence_store, stored_names
from accounts.licences.models import RETENTION_CLASS, Licence, LicencePage
from privacy.encryption.keys import destroy_keys, usable_keys

BATCH = 500
# Longer than any upload takes between its key and files, and its rows.
LEFT_AFTER = dt.timedelta(minutes=5)
# The sweep should have removed it.
LATE_AFTER = dt.timedelta(minutes=15)


def left_files(*, older_than: dt.timedelta = LEFT_AFTER) -> list[str]:
    """Return the sealed files without a row that are older than this. Raises `StoreAway`."""
    names = stored_names()
    with_row = set(LicencePage.objects.values_list("name", flat=True)) if names else set()
    before = timezone.now() - older_than
    return [name for name in names if name not in with_row and licence_store().get_modified_time(name) < before]


def late_files() -> list[str]:
    """Return the files that a sweep should have removed some minutes ago."""
    return left_files(older_than=LATE_AFTER)


def remove_left_files() -> int:
    """Delete the sealed files without a row; return how many."""
    names = left_files()
    delete_files(names)
    return len(names)


def destroy_orphaned_keys(*, batch: int = BATCH) -> int:
    """Destroy the keys of licences that do not exist, or have no pictures any more; return how many."""
    destroyed, last = 0, UUID(int=0)
    while owners := usable_keys(RETENTION_CLASS, older_than=LEFT_AFTER, beyond=last, most=batch):
        alive = Licence.objects.filter(pk__in=owners).exclude(state="replaced").values_list("pk", flat=True)
        orphans = set(owners) - set(alive)
        destroy_keys(orphans)
        destroyed, last = destroyed + len(orphans), owners[-1]
    return destroyed
