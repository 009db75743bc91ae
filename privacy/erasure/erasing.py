"""Erase what is due: rows in one transaction per batch, then keys, then the receipt. Every step may come twice."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from privacy.consent.queries import latest_consent
from privacy.encryption.keys import destroy_keys
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import State, due_cases
from privacy.erasure.services import notice_context, subjects_of
from privacy.notices.addresses import addresses_of
from privacy.notices.services import send_notice
from privacy.register.holders import all_holders
from privacy.register.register import declared_records
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

BATCH = 100
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
KEYS = "keys"

Step = Callable[[list[ErasureCase]], None]


def erase_due_accounts(*, batch: int = BATCH) -> int:
    """Take every due case as far as it goes; return how many steps were taken. A failing case stops no other."""
    return _sweep(State.COOLING_OFF, erase_rows, batch) + _sweep(State.ROWS_ERASED, destroy_and_prove, batch)


def erase_rows(cases: list[ErasureCase]) -> None:
    """Erase what every holder has of these persons, and seal a last notice for each to send afterwards.

    The addresses go with the rows: the last notice holds them under a key of its own, which sending forgets.
    """
    started = timezone.now()
    for case in cases:
        _seal_last_notices(case)
    counts = _erase_from_holders(subjects_of(cases))
    for case in cases:
        case.started_at = case.started_at or started
        case.state = State.ROWS_ERASED
        case.counts = counts[case.subject_id]
        case.last_failure = ""
    ErasureCase.objects.bulk_update(cases, ["started_at", "state", "counts", "last_failure"])


def destroy_and_prove(cases: list[ErasureCase]) -> None:
    """Destroy the keys of these persons, then write the receipts. Keys go first: a receipt never lies."""
    destroyed = destroy_keys(subjects_of(cases))
    now = timezone.now()
    for case in cases:
        case.state, case.erased_at, case.last_failure = State.ERASED, now, ""
        case.counts |= {KEYS: destroyed[case.subject_id]}
    DataSubject.objects.filter(pk__in=subjects_of(cases)).update(erased_at=now)
    ErasureCase.objects.bulk_update(cases, ["state", "erased_at", "last_failure", "counts"])
    ErasureReceipt.append_all([_receipt(case, now) for case in cases])


def _sweep(state: str, step: Step, batch: int) -> int:
    taken = 0
    while done := _take(state, step, batch):
        taken += done
    return taken


def _take(state: str, step: Step, batch: int) -> int:
    """Take one step for a batch; where that fails, for each of its cases alone, so that one cannot stop the rest."""
    cases: list[ErasureCase] = []
    try:
        with transaction.atomic():
            cases = list(due_cases(state)[:batch])
            if cases:
                step(cases)
            return len(cases)
    except Exception as error:  # noqa: BLE001 - whatever a holder raises must not stop other people's erasure
        failed = [case.pk for case in cases]
        logger.warning("A batch of %d erasures failed at %s with %s", len(failed), step.__name__, type(error).__name__)
    return sum(_take_one(pk, state, step) for pk in failed)


def _take_one(pk: UUID, state: str, step: Step) -> int:
    try:
        with transaction.atomic():
            case = due_cases(state).filter(pk=pk).first()
            if case is None:
                return 0
            step([case])
    except Exception as error:  # noqa: BLE001 - see above
        _record_failure(pk, f"{step.__name__}: {type(error).__name__}")
        return 0
    return 1


def _record_failure(pk: UUID, failure: str) -> None:
    case = ErasureCase.objects.get(pk=pk)
    wait = min(FIRST_WAIT * 2**case.attempts, LONGEST_WAIT)
    ErasureCase.objects.filter(pk=pk).update(
        attempts=F("attempts") + 1, next_attempt_at=timezone.now() + wait, last_failure=failure
    )
    logger.error("Erasure %s failed (%s); next attempt in %s", pk, failure, wait)


def _erase_from_holders(subjects: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for holder in all_holders():
        for subject, count in holder.erase(subjects).items():
            counts[subject][holder.name] = count
    return counts


def _seal_last_notices(case: ErasureCase) -> None:
    for address in addresses_of(case.subject):
        send_notice(
            subject=None,
            channel=address.channel,
            address=address.value,
            template="account_erased",
            language=case.language,
            context=notice_context(case),
        )


def _receipt(case: ErasureCase, erased_at: datetime) -> ErasureReceipt:
    consent = latest_consent(case.subject_id)
    return ErasureReceipt(
        subject_id=case.subject_id,
        case=case,
        reference=case.reference,
        cancelled_at=case.cancelled_at,
        due_at=case.due_at,
        erased_at=erased_at,
        counts=case.counts,
        version=consent.version if consent else None,
        kept=_kept(case.subject_id),
    )


def _kept(subject: UUID) -> list[dict[str, str | int]]:
    kept = []
    for model, record in declared_records():
        if record.keeps:
            rows = model._default_manager.filter(**{record.subject: subject})
            kept.append({"holder": model._meta.label_lower, "count": rows.aggregate(n=Count("pk"))["n"]})
    return kept
