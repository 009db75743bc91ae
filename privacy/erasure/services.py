"""Cancel an account, and undo that during the cooling-off period."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import get_language, gettext

from privacy.database.waking import wake
from privacy.erasure.models import OPEN_STATES, ErasureCase
from privacy.erasure.queries import cancellation_in_cooling_off
from privacy.erasure.suspending import notify_recipients, resume, suspend
from privacy.evidence.clock import database_now
from privacy.journal.models import JournalEntry
from privacy.journal.services import note_at_once
from privacy.jurisdictions.site import link_to
from privacy.notices.addresses import ContactAddress, addresses_of
from privacy.notices.services import send_notice
from privacy.policies.grounds import DeletionGround
from privacy.recipients.outbox import enqueue_suspended
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


def cancel_account(*, subject: DataSubject, ground: str = DeletionGround.CANCELLED, moved_to: str = "") -> ErasureCase:
    """Cancel an account: its data is not used from this moment on, and its erasure is due after cooling-off.

    Every data store is suspended and the person is notified, in one transaction. `moved_to` is the jurisdiction of
    another portal to which the person moves. Raises `AlreadyCancelled`.
    """
    case = begin_case(subject, cooling_off=settings.COOLING_OFF)
    case.ground, case.moved_to = ground, moved_to
    try:
        with transaction.atomic():
            lock_subjects([subject.pk])
            case.save(force_insert=True)
            suspend_everywhere([case])
            for address in addresses_of(subject):
                _notify(case, address, "account_cancelled")
            note_at_once(entries=[journal_entry(case, JournalEntry.Kind.CANCELLED, case.cancelled_at)])
    except IntegrityError:
        raise AlreadyCancelled(cancellation_in_cooling_off(subject.pk)) from None
    return case


def begin_case(subject: DataSubject, *, cooling_off: timedelta | None) -> ErasureCase:
    """Return a case that begins now, in the language of the page, not stored yet; without `cooling_off` it is due."""
    now = database_now()
    due = now + (cooling_off or timedelta())
    return ErasureCase(
        subject=subject,
        language=get_language() or "en",
        cancelled_at=now,
        due_at=due,
        next_attempt_at=due,
        deadline_at=due + settings.ERASE_WITHIN,
    )


def cancel_at_once(
    *, subjects: Collection[UUID], ground: str, within: timedelta | None = None, recipients_know: bool = False
) -> list[UUID]:
    """Cancel accounts without cooling-off, and without a notice: those that were never verified, and of children.

    Their erasure is due now, on this ground, and must be done `within` a time; default ERASE_WITHIN. A case in
    cooling-off is due now, too: it cannot be undone. Where `recipients_know` of the accounts, they are told to stop
    now, and not only at the erasure. Return the subjects of these cases; those whose erasure has begun are skipped.
    """
    now = database_now()
    times = {"ground": ground, "due_at": now, "next_attempt_at": now}
    times["deadline_at"] = now + (within or settings.ERASE_WITHIN)
    with transaction.atomic():
        lock_subjects(subjects)
        forward = _bring_forward(subjects, times)
        fresh = set(subjects) - set(subjects_of(forward))
        cases = [ErasureCase(subject_id=subject, cancelled_at=now, **times) for subject in fresh]
        ErasureCase.objects.bulk_create(cases, ignore_conflicts=True)
        begun = list(ErasureCase.objects.filter(pk__in=[case.pk for case in cases]))
        if recipients_know:
            suspend_everywhere(begun)
        else:
            suspend(subjects_of(begun))
        opened = [*begun, *forward]
        note_at_once(entries=[journal_entry(case, JournalEntry.Kind.CANCELLED, now) for case in opened])
    return subjects_of(opened)


def _bring_forward(subjects: Collection[UUID], times: Mapping[str, Any]) -> list[ErasureCase]:
    """Give the cases in cooling-off these times; return them. One that is due already keeps its own, if earlier.

    One that is due on the same ground is passed over: another process cancelled it meanwhile, and noted that.
    """
    cooling = ErasureCase.objects.filter(subject_id__in=subjects, state=ErasureCase.State.COOLING_OFF)
    cooling = cooling.exclude(ground=times["ground"], due_at__lte=Now())
    # A case that the sweep has locked is being erased; the sweep waits for the persons, who are locked here.
    found = list(cooling.select_for_update(skip_locked=True))
    for case in found:
        earlier = {name: min(getattr(case, name), at) for name, at in times.items() if name != "ground"}
        for name, value in {**earlier, "ground": times["ground"]}.items():
            setattr(case, name, value)
    ErasureCase.objects.bulk_update(found, list(times))
    return found


def undo_cancellation(*, case: ErasureCase) -> None:
    """Keep the account. Raises `TooLateToUndo` once the erasure is due: either this or the sweep wins."""
    undone = ErasureCase.objects.filter(pk=case.pk, state=ErasureCase.State.COOLING_OFF, due_at__gt=Now(), attempts=0)
    with transaction.atomic():
        lock_subjects([case.subject_id])
        # The sweep locks a case before its person: a case that it holds is not waited for.
        if not undone.select_for_update(skip_locked=True).exists():
            raise TooLateToUndo("The cooling-off period is over.")
        undone.update(state=ErasureCase.State.UNDONE)
        is_open = bool(resume_everywhere([case]))
        for address in addresses_of(case.subject):
            _notify(case, address, "cancellation_undone", {} if is_open else {"still_closed": "yes"})
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
    suspend(subjects_of(cases))
    for case in cases:
        enqueue_suspended(subject=case.subject_id, case=case.pk, at=case.cancelled_at)
    ErasureCase.objects.filter(pk__in=[case.pk for case in cases]).update(access_ended_at=database_now())


def resume_everywhere(cases: Sequence[ErasureCase]) -> list[UUID]:
    """Let these persons' data be used again, here and at recipients, unless another reason is left; return whose."""
    resumed = resume(subjects_of(cases))
    for case in cases:
        if case.subject_id in resumed:
            notify_recipients(case)
    return resumed


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
        details={"jurisdiction": case.subject.jurisdiction, "language": case.language} | _move_of(case),
    )


def _move_of(case: ErasureCase) -> dict[str, str]:
    """Return where the account of a case moved to, for a replay; empty for one that was cancelled."""
    if not case.moved_to:
        return {}
    continued = {"continued_as": str(case.continued_as)} if case.continued_as else {}
    return {"moved_to": case.moved_to} | continued


def _notify(case: ErasureCase, address: ContactAddress, template: str, more: Mapping[str, str] | None = None) -> None:
    send_notice(
        subject=case.subject,
        channel=address.channel,
        address=address.value,
        template=template,
        language=case.language,
        context={**notice_context(case), **(more or {})},
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
