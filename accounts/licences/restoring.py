"""After a restore: what was deleted stays deleted, and a licence whose pictures are lost is asked for again."""

from uuid import UUID

from django.db import transaction

from accounts.licences.files import stored_names
from accounts.licences.models import RETENTION_CLASS, Licence
from accounts.licences.moving import delete_licences, move
from accounts.licences.states import LicenceState, ReturnCode
from accounts.licences.told import tell_state
from privacy.encryption.models import DataKey
from privacy.evidence.clock import database_now
from privacy.journal.restores import Restore
from privacy.subjects.locking import lock_subjects

ASKED_AGAIN = (LicenceState.IN_REVIEW, LicenceState.APPROVED)
BATCH = 500


def restore_licences(_restore: Restore | None = None) -> int:
    """Delete the licences whose key was destroyed after the backup, and return those without pictures to their people.

    A destroyed key says that the licence was deleted or replaced. Returns how many were changed.
    """
    names, changed, last = set(stored_names()), 0, UUID(int=0)
    licences = Licence.objects.exclude(state=LicenceState.REPLACED).order_by("pk")
    while batch := list(licences.filter(pk__gt=last).prefetch_related("pages")[:BATCH]):
        destroyed = _destroyed([licence.pk for licence in batch])
        for licence in batch:
            if licence.pk in destroyed:
                with transaction.atomic():
                    delete_licences([licence.pk])
                changed += 1
            elif {page.name for page in licence.pages.all()} - names or not licence.pages.all():
                changed += _ask_again(licence)
        last = batch[-1].pk
    return changed


def _destroyed(owners: list[UUID]) -> set[UUID]:
    gone = DataKey.objects.filter(owner__in=owners, retention_class=RETENTION_CLASS, destroyed_at__isnull=False)
    return set(gone.values_list("owner", flat=True))


def _ask_again(licence: Licence) -> bool:
    with transaction.atomic():
        lock_subjects([licence.subject_id])
        licence.refresh_from_db()
        licence.pages.all().delete()
        if licence.state not in ASKED_AGAIN:
            return False
        move(licence, LicenceState.RETURNED)
        licence.code, licence.expires_at = ReturnCode.LOST, None
        licence.decided_at, licence.decided_by = database_now(), None
        licence.save()
        tell_state(licence)
    return True
