"""Erase what is due, in batches: `ROW_STEPS` in one transaction, `PROOF_STEPS` in another. Each can be repeated."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from privacy.consent.tallies import subtract_erased
from privacy.database.batches import BatchStep
from privacy.encryption.keys import destroy_keys, forget_keys
from privacy.erasure.labels import KEYS
from privacy.erasure.legal_holds import Holds, held_classes, kept_classes, present_holds, wait_for_hold
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import due_cases, due_cases_on
from privacy.erasure.receipts import receipts_of
from privacy.erasure.services import journal_entry, notice_context, subjects_of
from privacy.evidence.clock import database_now
from privacy.holds.queries import holds_of
from privacy.inventory.data_stores import all_data_stores
from privacy.inventory.retention_classes import RetentionClass
from privacy.journal.errors import JournalError
from privacy.journal.maintenance import in_maintenance
from privacy.journal.models import JournalEntry
from privacy.journal.services import note, write_erasures
from privacy.notices.addresses import addresses_of_all
from privacy.notices.preparing import draft_notice
from privacy.notices.services import queue_notices
from privacy.policies.grounds import DeletionGround
from privacy.recipients.outbox import ErasedPerson, enqueue_erased
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

BATCH = 500
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
MOST_DOUBLINGS = 8


@dataclass
class Batch:
    """Some cases of one state, and what earlier steps found about their persons."""

    cases: list[ErasureCase]
    notifies: bool = True
    is_journalled: bool = False
    # When the rows were erased or, in the proof, when the keys were destroyed.
    at: datetime = field(init=False)
    holds: Holds = field(default_factory=dict)
    # Persons whose rows are erased for the first time: a held person lost some rows before.
    first_erased: list[UUID] = field(default_factory=list)
    counts: Mapping[UUID, dict[str, int]] = field(default_factory=dict)
    receipts: list[ErasureReceipt] = field(default_factory=list)

    @property
    def subjects(self) -> list[UUID]:
        return subjects_of(self.cases)


Step = Callable[[Batch], None]


class JournalNotWritten(Exception):
    """The journal cannot be written, or does not agree with the databases: not the failure of a case."""


def erase_due_accounts(*, batch: int = BATCH) -> int:
    """Take every due case as far as possible; return how many steps were taken. A failing case stops no other.

    Data that was collected without consent, such as that of a child (8.2 of the sample policy), goes before all other.
    """
    steps = (
        (ErasureCase.State.COOLING_OFF, erase_rows),
        (ErasureCase.State.HELD, erase_rows),
        (ErasureCase.State.ROWS_ERASED, destroy_and_prove),
    )
    first = due_cases_on(DeletionGround.WITHOUT_CONSENT).exists()
    lanes = (DeletionGround.WITHOUT_CONSENT.value, "") if first else ("",)
    return sum(_sweep(state, step, batch, ground) for ground in lanes for state, step in steps)


def erase_rows(cases: list[ErasureCase], *, notifies: bool = True) -> None:
    """Take the `ROW_STEPS`, in the caller's transaction. Data under a legal hold is kept.

    Without `notifies`, no last notice is sent. From this transaction on, the database refuses late writes.
    """
    _take(ROW_STEPS, Batch(cases, notifies=notifies))


def destroy_and_prove(cases: list[ErasureCase], *, is_journalled: bool = False) -> None:
    """Take the `PROOF_STEPS`, in the caller's transaction. The journal is written unless it has these persons already.

    Raises `JournalNotWritten`.
    """
    _take(PROOF_STEPS, Batch(cases, is_journalled=is_journalled))


def _take(steps: Sequence[Step], batch: Batch) -> None:
    for step in steps:
        step(batch)


def lock_persons(batch: Batch) -> None:
    """Wait for writes about these persons that are under way, so that the deletion sees them."""
    batch.at = database_now()
    locked = DataSubject.objects.select_for_update().filter(pk__in=batch.subjects).order_by("pk")
    batch.first_erased = [pk for pk, erased_at in locked.values_list("pk", "erased_at") if erased_at is None]


def read_holds(batch: Batch) -> None:
    """Read which legal holds are in force. None begins while the persons are locked."""
    batch.holds = holds_of(batch.subjects)


def seal_last_notices(batch: Batch) -> None:
    """Store a last notice for each person, sealed under a key of its own, while their addresses exist."""
    cases = [case for case in batch.cases if case.state == ErasureCase.State.COOLING_OFF] if batch.notifies else []
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


def erase_data_stores(batch: Batch) -> None:
    """Erase what every data store holds of these persons, and count it."""
    batch.counts = _erase_from_data_stores(batch.subjects, batch.holds)


def enqueue_for_recipients(batch: Batch) -> None:
    """Enqueue what recipients must erase."""
    persons = [
        ErasedPerson(case.subject_id, case.pk, case.deadline_at, held_classes(batch.holds, case.subject_id))
        for case in batch.cases
    ]
    enqueue_erased(persons=persons, at=batch.at)


def mark_erased(batch: Batch) -> None:
    """Mark the persons as erased, and remove them from the counts of consents."""
    DataSubject.objects.filter(pk__in=batch.first_erased).update(erased_at=Now())
    subtract_erased(batch.first_erased)


def save_counts(batch: Batch) -> None:
    """Save what was erased and what is held, and that the rows are erased."""
    for case in batch.cases:
        case.started_at = case.started_at or batch.at
        case.state = ErasureCase.State.ROWS_ERASED
        case.counts = batch.counts[case.subject_id]
        case.held = present_holds(batch.holds.get(case.subject_id, []))
        case.last_failure, case.attempts = "", 0
    _save(batch.cases, ("started_at", "state", "counts", "held", "last_failure", "attempts"))


def append_journal_entries(batch: Batch) -> None:
    """Append the erasures to the table that the journal is copied from. This locks the chain's end: it is last."""
    note(entries=[_journal_entry(case, batch.holds, batch.at) for case in batch.cases])


ROW_STEPS: Sequence[Step] = (
    lock_persons,
    read_holds,
    seal_last_notices,
    erase_data_stores,
    enqueue_for_recipients,
    mark_erased,
    save_counts,
    append_journal_entries,
)


def write_journal(batch: Batch) -> None:
    """Write the journal before any key is destroyed, so that no backup restores a person whose keys are gone."""
    if batch.is_journalled:
        return
    try:
        write_erasures()
    except (OSError, JournalError) as error:
        logger.error("The erasure journal cannot be written (%s).", type(error).__name__)  # noqa: TRY400 - no trace
        raise JournalNotWritten from error


def destroy_data_keys(batch: Batch) -> None:
    """Destroy the keys before a receipt says so, except those of classes that a hold keeps."""
    kept = {case.subject_id: kept_classes(case) for case in batch.cases if case.held}
    destroyed = destroy_keys(batch.subjects, keep=kept)
    for case in batch.cases:
        case.counts |= {KEYS: destroyed[case.subject_id]}


def draft_receipts(batch: Batch) -> None:
    """Draft a receipt for each person, of the case as it was due."""
    batch.at = database_now()
    batch.receipts = receipts_of(batch.cases, batch.at)


def close_cases(batch: Batch) -> None:
    """Close the cases; a case with a legal hold waits for the end of the hold."""
    for case in batch.cases:
        case.state, case.erased_at, case.last_failure, case.attempts = (
            ErasureCase.State.ERASED,
            case.erased_at or batch.at,
            "",
            0,
        )
        if case.held:
            wait_for_hold(case, batch.holds.get(case.subject_id, []), batch.at)
    _save(batch.cases, ("state", "erased_at", "last_failure", "attempts", "counts"))
    _save([case for case in batch.cases if case.held], ("due_at", "next_attempt_at", "deadline_at"))


def append_receipts(batch: Batch) -> None:
    """Append the receipts. This locks the end of their chain, so it is last."""
    ErasureReceipt.append_all(batch.receipts)


PROOF_STEPS: Sequence[Step] = (
    write_journal,
    read_holds,
    destroy_data_keys,
    draft_receipts,
    close_cases,
    append_receipts,
)


def _sweep(state: str, step: Callable[[list[ErasureCase]], None], batch: int, ground: str) -> int:
    def due(keys: Sequence[UUID] | None) -> QuerySet[ErasureCase]:
        found = due_cases(state, ground)
        return found[:batch] if keys is None else found.filter(pk__in=list(keys))

    def failed(case: ErasureCase, error: Exception) -> None:
        _record_failure(case.pk, f"{step.__name__}: {type(error).__name__}")

    batches, taken = BatchStep(due, step, failed, outage=(JournalNotWritten,)), 0
    # Checked before each batch: a restore may begin meanwhile.
    while not in_maintenance() and (done := batches.take()):
        taken += done
        forget_keys()
    return taken


def _record_failure(pk: UUID, failure: str) -> None:
    case = ErasureCase.objects.get(pk=pk)
    # A wait must not make an erasure late: the nearer the deadline, the sooner the next attempt.
    longest = max((case.deadline_at - database_now()) / 4, FIRST_WAIT)
    # Capped before the power, so that the time cannot overflow.
    wait = min(FIRST_WAIT * 2 ** min(case.attempts, MOST_DOUBLINGS), LONGEST_WAIT, longest)
    ErasureCase.objects.filter(pk=pk).update(
        attempts=F("attempts") + 1, next_attempt_at=Now() + wait, last_failure=failure
    )
    logger.error("Erasure %s failed (%s); next attempt in %s", pk, failure, wait)


def _erase_from_data_stores(subjects: Sequence[UUID], holds: Holds) -> dict[UUID, dict[str, int]]:
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for store in all_data_stores():
        free = subjects
        if holds:
            free = [subject for subject in subjects if store.retention not in held_classes(holds, subject)]
        for subject, count in store.erase(free).items():
            counts[subject][store.name] = count
    return counts


def _journal_entry(case: ErasureCase, holds: Holds, at: datetime) -> JournalEntry:
    erased = set(RetentionClass) - {RetentionClass.EVIDENCE} - held_classes(holds, case.subject_id)
    return journal_entry(case, JournalEntry.Kind.ERASED, at, classes=sorted(erased))


def _save(cases: list[ErasureCase], columns: Sequence[str]) -> None:
    """Write these columns. Most cases have equal values: those that do share a statement."""
    alike: dict[str, list[ErasureCase]] = defaultdict(list)
    for case in cases:
        alike[repr([getattr(case, column) for column in columns])].append(case)
    for group in alike.values():
        values = {column: getattr(group[0], column) for column in columns}
        ErasureCase.objects.filter(pk__in=[case.pk for case in group]).update(**values)
