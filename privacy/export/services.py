"""Request a copy, make it, delete it."""

import datetime as dt
import json
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from privacy.database.waking import wake
from privacy.encryption.keys import forget_keys
from privacy.evidence.clock import database_now
from privacy.export.copies import gather
from privacy.export.models import DataCopy
from privacy.export.queries import copies_of, due_copies
from privacy.inventory.data_stores import DataStore
from privacy.inventory.retention_classes import RetentionClass
from privacy.notices.addresses import addresses_of
from privacy.notices.services import send_notice
from privacy.subjects.models import DataSubject

MAKE = "privacy.export.tasks.make_copy"
# Longer than making a copy takes: afterwards its worker has died, and another may take it.
LEASE = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 5
BATCH = 20


def request_copy(*, subject: DataSubject) -> DataCopy:
    """Request a copy (GDPR art. 15 and 20, PIPL art. 45); one that is being made is returned instead of a second."""
    copy = DataCopy(subject=subject, language=get_language() or "en")
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
            transaction.on_commit(lambda: wake(MAKE, copy.pk))
    except IntegrityError:
        return copies_of(subject.pk).get(state__in=(DataCopy.State.WAITING, DataCopy.State.MAKING))
    return copy


def make_copy(copy_id: UUID) -> bool:
    """Make a copy that is due; return whether it was made now. May be called at any time, by several at once."""
    copy = _claim(copy_id)
    if copy is None:
        return False
    try:
        with override(copy.language):
            document = gather(copy.subject, progress=lambda done, total: _store_progress(copy, done, total))
    except Exception as error:  # noqa: BLE001 - the next attempt may succeed; only its name is kept
        _postpone(copy, type(error).__name__)
        return False
    return _finish(copy, json.dumps(document, ensure_ascii=False))


def make_due_copies() -> int:
    """Make every copy that is due; return how many were made."""
    return sum(make_copy(copy_id) for copy_id in due_copies().values_list("pk", flat=True)[:BATCH])


def forget_expired_copies() -> int:
    """Delete what was kept for its seven days; return how many copies were deleted."""
    return _forget(DataCopy.objects.filter(state=DataCopy.State.READY, expires_at__lte=Now()))


def forget_copy(*, subject: DataSubject, copy_id: UUID) -> bool:
    """Delete one copy of a person at once; return whether it existed."""
    return bool(_forget(copies_of(subject.pk).filter(pk=copy_id).exclude(state=DataCopy.State.FORGOTTEN)))


class CopiesStore(DataStore):
    """Copies of persons, as a data store."""

    name = "privacy.export"
    label = _("copies of the data")
    retention = RetentionClass.COPIES

    def suspend(self, subjects: Collection[UUID]) -> None:
        """Delete every copy at once (clause 4.2 of the sample policy)."""
        _forget(DataCopy.objects.filter(subject_id__in=subjects))


def _claim(copy_id: UUID) -> DataCopy | None:
    """Take a due copy, and postpone it at once: one worker at a time; if it dies, another takes the copy later."""
    taken = due_copies().filter(pk=copy_id)
    if not taken.update(state=DataCopy.State.MAKING, attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE):
        return None
    return DataCopy.objects.select_related("subject").get(pk=copy_id)


def _store_progress(copy: DataCopy, done: int, total: int) -> None:
    DataCopy.objects.filter(pk=copy.pk).update(done=done, total=total)


def _postpone(copy: DataCopy, failure: str) -> None:
    is_last = copy.attempts >= MOST_ATTEMPTS
    DataCopy.objects.filter(pk=copy.pk, state=DataCopy.State.MAKING).update(
        state=DataCopy.State.FAILED if is_last else DataCopy.State.WAITING,
        next_attempt_at=Now() + dt.timedelta(minutes=2**copy.attempts),
        last_failure=failure,
    )
    forget_keys()


def _finish(copy: DataCopy, document: str) -> bool:
    with transaction.atomic():
        # Withdrawn, cancelled or taken by another worker meanwhile: this document is discarded.
        mine = DataCopy.objects.select_for_update().filter(
            pk=copy.pk, state=DataCopy.State.MAKING, attempts=copy.attempts
        )
        row = mine.first()
        if row is None:
            return False
        now = database_now()
        row.document, row.state, row.last_failure = document, DataCopy.State.READY, ""
        row.done, row.ready_at, row.expires_at = row.total, now, now + settings.COPY_LIFETIME
        row.save()
        _notify_owner(row)
    return True


def _notify_owner(copy: DataCopy) -> None:
    for address in addresses_of(copy.subject):
        send_notice(
            subject=copy.subject,
            channel=address.channel,
            address=address.value,
            template="copy_ready",
            language=copy.language,
            context={"until": str(copy.expires_at and copy.expires_at.isoformat(timespec="minutes"))},
            about=str(copy.pk),
        )


def _forget(copies: QuerySet[DataCopy]) -> int:
    return copies.update(state=DataCopy.State.FORGOTTEN, document=None)
