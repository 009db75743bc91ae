"""Erase what is due: rows in one transaction per batch, then keys, then the receipt. Every step may come twice."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Now

from privacy.consent.queries import latest_consents
from privacy.consent.tallies import subtract_erased
from privacy.database.batches import BatchStep
from privacy.encryption.keys import destroy_keys, forget_keys
from privacy.erasure.labels import KEYS
from privacy.erasure.legal_holds import Holds, held_classes, kept_classes, present_holds, wait_for_hold
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import State, due_cases
from privacy.erasure.services import journal_entry, notice_context, subjects_of
from privacy.evidence.clock import database_now
from privacy.holds.queries import holds_of
from privacy.inventory.data_stores import all_data_stores
from privacy.inventory.queries import declared_records
from privacy.inventory.retention_classes import RetentionClass
from privacy.journal.errors import JournalError
from privacy.journal.maintenance import in_maintenance
from privacy.journal.models import JournalEntry
from privacy.journal.services import note, write_erasures
from privacy.notices.addresses import addresses_of_all
from privacy.notices.ready import draft_notice
from privacy.notices.services import queue_notices
from privacy.recipients.outbox import ErasedPerson, enqueue_erased
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

BATCH = 500
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
MOST_DOUBLINGS = 8

Kept = dict[str, str | int]
Step = Callable[[list[ErasureCase]], None]


class JournalNotWritten(Exception):
    """The journal's disk is full or away, or the journal does not agree: nobody's own failure."""


def erase_due_accounts(*, batch: int = BATCH) -> int:
    """Take every due case as far as it goes; return how many steps were taken. A failing case stops no other."""
    return (
        _sweep(State.COOLING_OFF, erase_rows, batch)
        + _sweep(State.HELD, erase_rows, batch)
        + _sweep(State.ROWS_ERASED, destroy_and_prove, batch)
    )


def erase_rows(cases: list[ErasureCase], *, tell: bool = True) -> None:
    """Erase what every holder has of these persons, and seal a last notice for each to send afterwards.

    What a legal hold keeps stays. The addresses go with the rows: the last notice holds them under a key of its own,
    which sending forgets; without `tell` there is none. From this transaction on the database refuses late writes.
    """
    started, subjects = database_now(), subjects_of(cases)
    # Waits for rows that are being written about these persons, so that the deletion below sees them.
    locked = DataSubject.objects.select_for_update().filter(pk__in=subjects).order_by("pk")
    living = [pk for pk, erased_at in locked.values_list("pk", "erased_at") if erased_at is None]
    holds = holds_of(subjects)
    if tell:
        _seal_last_notices([case for case in cases if case.state == State.COOLING_OFF])
    counts = _erase_from_holders(subjects, holds)
    _tell_recipients(cases, holds, started)
    DataSubject.objects.filter(pk__in=living).update(erased_at=Now())
    subtract_erased(living)
    for case in cases:
        case.started_at = case.started_at or started
        case.state = State.ROWS_ERASED
        case.counts = counts[case.subject_id]
        case.held = present_holds(holds.get(case.subject_id, []))
        case.last_failure, case.attempts = "", 0
    _save(cases, ("started_at", "state", "counts", "held", "last_failure", "attempts"))
    note(entries=[_journal_entry(case, holds, started) for case in cases])


def destroy_and_prove(cases: list[ErasureCase], *, is_journalled: bool = False) -> None:
    """Destroy the keys of these persons, then write the receipts.

    The journal goes first, unless it has them already: no backup can bring back whose keys are gone. Keys come
    second: a receipt never lies. Raises `JournalNotWritten`.
    """
    if not is_journalled:
        _write_erasures()
    subjects = subjects_of(cases)
    holds = holds_of(subjects)
    destroyed = destroy_keys(subjects, keep={case.subject_id: kept_classes(case) for case in cases if case.held})
    now, kept, versions = database_now(), _kept(subjects), latest_consents(subjects)
    for case in cases:
        case.counts |= {KEYS: destroyed[case.subject_id]}
    receipts = [_receipt(case, now, kept[case.subject_id], versions.get(case.subject_id)) for case in cases]
    for case in cases:
        case.state, case.erased_at, case.last_failure, case.attempts = State.ERASED, case.erased_at or now, "", 0
        if case.held:
            wait_for_hold(case, holds.get(case.subject_id, []), now)
    _save(cases, ("state", "erased_at", "last_failure", "attempts", "counts"))
    _save([case for case in cases if case.held], ("due_at", "next_attempt_at", "deadline_at"))
    ErasureReceipt.append_all(receipts)


def _write_erasures() -> None:
    try:
        write_erasures()
    except (OSError, JournalError) as error:
        logger.error("The erasure journal cannot be written (%s).", type(error).__name__)  # noqa: TRY400 - no trace
        raise JournalNotWritten from error


def _sweep(state: str, step: Step, batch: int) -> int:
    def due(keys: Sequence[UUID] | None) -> QuerySet[ErasureCase]:
        return due_cases(state)[:batch] if keys is None else due_cases(state).filter(pk__in=list(keys))

    def failed(case: ErasureCase, error: Exception) -> None:
        _record_failure(case.pk, f"{step.__name__}: {type(error).__name__}")

    halving, taken = BatchStep(due, step, failed, outage=(JournalNotWritten,)), 0
    # Asked before each batch: a restore may begin meanwhile.
    while not in_maintenance() and (done := halving.take()):
        taken += done
        forget_keys()
    return taken


def _record_failure(pk: UUID, failure: str) -> None:
    case = ErasureCase.objects.get(pk=pk)
    # A wait must never make an erasure late: the nearer the deadline, the sooner the next attempt.
    longest = max((case.deadline_at - database_now()) / 4, FIRST_WAIT)
    # Capped before it is raised: no number of failures may make a time that does not exist.
    wait = min(FIRST_WAIT * 2 ** min(case.attempts, MOST_DOUBLINGS), LONGEST_WAIT, longest)
    ErasureCase.objects.filter(pk=pk).update(
        attempts=F("attempts") + 1, next_attempt_at=Now() + wait, last_failure=failure
    )
    logger.error("Erasure %s failed (%s); next attempt in %s", pk, failure, wait)


def _erase_from_holders(subjects: Sequence[UUID], holds: Holds) -> dict[UUID, dict[str, int]]:
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for holder in all_data_stores():
        free = subjects
        if holds:
            free = [subject for subject in subjects if holder.retention not in held_classes(holds, subject)]
        for subject, count in holder.erase(free).items():
            counts[subject][holder.name] = count
    return counts


def _tell_recipients(cases: list[ErasureCase], holds: Holds, at: datetime) -> None:
    persons = [
        ErasedPerson(case.subject_id, case.pk, case.deadline_at, held_classes(holds, case.subject_id)) for case in cases
    ]
    enqueue_erased(persons=persons, at=at)


def _journal_entry(case: ErasureCase, holds: Holds, at: datetime) -> JournalEntry:
    erased = set(RetentionClass) - {RetentionClass.EVIDENCE} - held_classes(holds, case.subject_id)
    return journal_entry(case, JournalEntry.Kind.ERASED, at, classes=sorted(erased))


def _save(cases: list[ErasureCase], columns: Sequence[str]) -> None:
    """Write these columns; most people have the same in them, and cases that do share a statement."""
    alike: dict[str, list[ErasureCase]] = defaultdict(list)
    for case in cases:
        alike[repr([getattr(case, column) for column in columns])].append(case)
    for group in alike.values():
        values = {column: getattr(group[0], column) for column in columns}
        ErasureCase.objects.filter(pk__in=[case.pk for case in group]).update(**values)


def _seal_last_notices(cases: list[ErasureCase]) -> None:
    addresses = addresses_of_all(subjects_of(cases))
    queue_notices(
        [
            draft_notice(
                subject=None,
                channel=address.channel,
                address=address.value,
                template="account_erased",
                language=case.language,
                context=notice_context(case),
            )
            for case in cases
            for address in addresses[case.subject_id]
        ]
    )


def _receipt(case: ErasureCase, erased_at: datetime, kept: list[Kept], version: UUID | None) -> ErasureReceipt:
    return ErasureReceipt(
        subject_id=case.subject_id,
        case_id=case.pk,
        reference=case.reference,
        cancelled_at=case.cancelled_at,
        due_at=case.due_at,
        erased_at=erased_at,
        counts=case.counts,
        version_id=version,
        kept=kept,
        held=case.held,
    )


def _kept(subjects: Sequence[UUID]) -> dict[UUID, list[Kept]]:
    """Return how many rows stay of each person, by one query a record."""
    kept: dict[UUID, list[Kept]] = {subject: [] for subject in subjects}
    for model, record in declared_records():
        if not record.keeps:
            continue
        rows = model._default_manager.filter(**{f"{record.subject}__pk__in": subjects})
        counts = dict(rows.order_by().values_list(record.subject).annotate(count=Count("pk")))
        for subject in subjects:
            kept[subject].append({"holder": model._meta.label_lower, "count": counts.get(subject, 0)})
    return kept
