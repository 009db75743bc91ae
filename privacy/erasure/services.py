"""Cancel an account, and undo that during the cooling-off period."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import get_language, gettext

from privacy.database.waking import wake
from privacy.erasure.models import OPEN_STATES, ErasureCase
from privacy.erasure.queries import cancellation_in_cooling_off
from privacy.evidence.clock import database_now
from privacy.inventory.data_stores import all_data_stores
from privacy.journal.models import JournalEntry
from privacy.journal.services import note_at_once
from privacy.jurisdictions.site import link_to
from privacy.notices.addresses import ContactAddress, addresses_of
from privacy.notices.services import send_notice
from privacy.policies.grounds import DeletionGround
from privacy.recipients.outbox import enqueue_resumed, enqueue_suspended
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

SWEEP = "privacy.erasure.tasks.erase_due_accounts"


class AlreadyCancelled(Exception):
    """The account is cancelled already; `case` is its cancellation."""

    def __init__(self, case: ErasureCase | None) -> None:
        super().__init__("This account is cancelled already.")
        self.case = case


class NothingToTry(Exception):
    """No attempt at this erasure failed, or it is not due yet; the message says so."""


class TooLateToUndo(Exception):
    """The cooling-off period is over: the erasure has begun or is due."""


def cancel_account(*, subject: DataSubject, ground: str = DeletionGround.CANCELLED) -> ErasureCase:
    """Cancel an account: its data is not used from this moment on, and its erasure is due after cooling-off.

    Every data store is suspended and the person is notified, in one transaction. Raises `AlreadyCancelled`.
    """
    now = database_now()
    case = ErasureCase(
        subject=subject,
        ground=ground,
        language=get_language() or "en",
        cancelled_at=now,
        due_at=now + settings.COOLING_OFF,
        next_attempt_at=now + settings.COOLING_OFF,
        deadline_at=now + settings.COOLING_OFF + settings.ERASE_WITHIN,
    )
    try:
        with transaction.atomic():
            lock_subjects([subject.pk])
            case.save(force_insert=True)
            suspend_everywhere([case])
            for address in addresses_of(subject):
                _notify(case, address, "account_cancelled")
            note_at_once(entries=[journal_entry(case, JournalEntry.Kind.CANCELLED, now)])
    except IntegrityError:
        raise AlreadyCancelled(cancellation_in_cooling_off(subject.pk)) from None
    return case


def cancel_at_once(*, subjects: Collection[UUID], ground: str) -> list[UUID]:
    """Cancel accounts whose owner never verified them: without cooling-off, and without a notice.

    Their erasure is due now. Return the subjects whose case was opened; those with an open case are skipped.
    """
    now = database_now()
    cases = [
        ErasureCase(
            subject_id=subject,
            ground=ground,
            cancelled_at=now,
            due_at=now,
            next_attempt_at=now,
            deadline_at=now + settings.ERASE_WITHIN,
        )
        for subject in subjects
    ]
    with transaction.atomic():
        lock_subjects(subjects)
        ErasureCase.objects.bulk_create(cases, ignore_conflicts=True)
        opened = list(ErasureCase.objects.filter(pk__in=[case.pk for case in cases]))
        for store in all_data_stores():
            store.suspend(subjects_of(opened))
        note_at_once(entries=[journal_entry(case, JournalEntry.Kind.CANCELLED, now) for case in opened])
    return subjects_of(opened)


def undo_cancellation(*, case: ErasureCase) -> None:
    """Keep the account. Raises `TooLateToUndo` once the erasure is due: either this or the sweep wins."""
    with transaction.atomic():
        undone = ErasureCase.objects.filter(
            pk=case.pk, state=ErasureCase.State.COOLING_OFF, due_at__gt=Now(), attempts=0
        )
        if not undone.update(state=ErasureCase.State.UNDONE):
            raise TooLateToUndo("The cooling-off period is over.")
        resume_everywhere([case])
        for address in addresses_of(case.subject):
            _notify(case, address, "cancellation_undone")
        note_at_once(entries=[journal_entry(case, JournalEntry.Kind.UNDONE, database_now())])


def try_again_now(*, case: ErasureCase) -> None:
    """Make a case whose last attempt failed due at once, instead of at its next attempt.

    Raises `NothingToTry` if nothing failed, or the case is not due.
    """
    failed = ErasureCase.objects.filter(pk=case.pk, state__in=OPEN_STATES, due_at__lte=Now()).exclude(last_failure="")
    if not failed.update(next_attempt_at=Now()):
        raise NothingToTry(gettext("There is nothing to retry: nothing has failed, or the erasure is not due yet."))
    transaction.on_commit(partial(wake, SWEEP))


def suspend_everywhere(cases: Sequence[ErasureCase]) -> None:
    """Stop every use of these persons' data, here and at recipients (clause 4.2 of the sample policy)."""
    for store in all_data_stores():
        store.suspend(subjects_of(cases))
    for case in cases:
        enqueue_suspended(subject=case.subject_id, case=case.pk, at=case.cancelled_at)
    ErasureCase.objects.filter(pk__in=[case.pk for case in cases]).update(access_ended_at=database_now())


def resume_everywhere(cases: Sequence[ErasureCase]) -> None:
    """Let these persons' data be used again, here and at recipients."""
    for store in all_data_stores():
        store.resume(subjects_of(cases))
    for case in cases:
        enqueue_resumed(subject=case.subject_id, case=case.pk, at=database_now())


def journal_entry(case: ErasureCase, kind: str, at: datetime, *, classes: Sequence[str] = ()) -> JournalEntry:
    """Return the journal's entry of an event of a case; not stored yet."""
    return JournalEntry(
        subject_id=case.subject_id,
        kind=kind,
        item=case.pk,
        reference=case.reference,
        clause=case.ground,
        classes=list(classes),
        due_at=case.due_at,
        deadline_at=case.deadline_at,
        at=at,
        details={"jurisdiction": case.subject.jurisdiction, "language": case.language},
    )


def _notify(case: ErasureCase, address: ContactAddress, template: str) -> None:
    send_notice(
        subject=case.subject,
        channel=address.channel,
        address=address.value,
        template=template,
        language=case.language,
        context=notice_context(case),
        about=str(case.pk),
    )


def notice_context(case: ErasureCase) -> dict[str, str]:
    """Return what the notices of a case say: the reference, where to look it up, and the two times."""
    return {
        "jurisdiction": case.subject.jurisdiction,
        "reference": case.reference,
        "receipt_url": link_to("erasure_receipt", case.reference),
        "erased_by": case.deadline_at.isoformat(timespec="minutes"),
    } | _undo_terms(case)


def _undo_terms(case: ErasureCase) -> dict[str, str]:
    """Return until when and where the owner can undo the cancellation; empty if no cooling-off period runs."""
    if not case.may_be_undone:
        return {}
    return {"undo_until": case.due_at.isoformat(timespec="minutes"), "sign_in_url": link_to("sign_in")}


def subjects_of(cases: Sequence[ErasureCase]) -> list[UUID]:
    """Return the subjects of some cases."""
    return [case.subject_id for case in cases]
