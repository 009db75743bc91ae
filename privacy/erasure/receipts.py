"""Draft receipts for the cases of one batch: what was erased, what is kept and why."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from privacy.consent.queries import latest_consents
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.inventory.queries import declared_records

Kept = dict[str, str | int]


def receipts_of(cases: Sequence[ErasureCase], at: datetime) -> list[ErasureReceipt]:
    """Return a receipt for each case, not stored yet; `at` is when the person is erased."""
    subjects = [case.subject_id for case in cases]
    kept, versions = _kept(subjects), latest_consents(subjects)
    return [_receipt(case, at, kept[case.subject_id], versions.get(case.subject_id)) for case in cases]


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
    """Return how many rows of each person are kept, by one query per record."""
    kept: dict[UUID, list[Kept]] = {subject: [] for subject in subjects}
    for model, record in declared_records():
        if not record.keeps:
            continue
        rows = model._default_manager.filter(**{f"{record.subject}__pk__in": subjects})
        counts = dict(rows.order_by().values_list(record.subject).annotate(count=Count("pk")))
        for subject in subjects:
            kept[subject].append({"holder": model._meta.label_lower, "count": counts.get(subject, 0)})
    return kept
