"""After a restore: new receipts name the receipts that were issued and that the database lost."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from privacy.erasure.journal import RECEIPTS
from privacy.erasure.models import EarlierReceipt, ErasureCase, ErasureReceipt
from privacy.evidence.clock import database_now
from privacy.journal.chains import in_batches
from privacy.journal.lines import Line
from privacy.policies.models import PolicyVersion

BATCH = 500


def earlier_receipts(case: ErasureCase) -> QuerySet[EarlierReceipt]:
    """Return the receipts of a case that were issued and then lost by restores, oldest first."""
    return EarlierReceipt.objects.filter(reference=case.reference).select_related("version").order_by("erased_at")


def keep_earlier_receipts() -> int:
    """Note every receipt that the journal knows and the database lacks, whichever restore lost it; return how many.

    Their cases were replayed before; from now on they say when the person was erased first.
    """
    journals = [*RECEIPTS.archives(), RECEIPTS.journal]
    return sum(_keep(lines) for journal in journals for lines in in_batches(journal.verified_lines(), BATCH))


@transaction.atomic
def _keep(lines: Sequence[Line]) -> int:
    numbers = [UUID(line["id"]) for line in lines]
    held = {pk for model in (ErasureReceipt, EarlierReceipt) for pk in _known(model, numbers)}
    lost = [line for line in lines if UUID(line["id"]) not in held]
    versions = set(_known(PolicyVersion, [UUID(line["version_id"]) for line in lost if line["version_id"]]))
    now = database_now()
    records = [_record(line, versions, now) for line in lost]
    _say_when_first(records)
    EarlierReceipt.append_all(records)
    return len(records)


def _say_when_first(records: Sequence[EarlierReceipt]) -> None:
    cases = ErasureCase.objects.in_bulk([record.reference for record in records], field_name="reference")
    for record in records:
        if case := cases.get(record.reference):
            case.erased_at = min(case.erased_at or record.erased_at, record.erased_at)
    ErasureCase.objects.bulk_update(cases.values(), ["erased_at"])


def _record(line: Line, versions: set[UUID], now: datetime) -> EarlierReceipt:
    version = UUID(line["version_id"]) if line["version_id"] else None
    return EarlierReceipt(
        id=UUID(line["id"]),
        reference=line["reference"],
        entry=line["position"],
        entry_hash=bytes.fromhex(line["hash"]),
        erased_at=datetime.fromisoformat(line["erased_at"]),
        version_id=version if version in versions else None,
        noted_at=now,
    )


def _known(model: type[Model], numbers: Collection[UUID]) -> QuerySet[Model, UUID]:
    return model._default_manager.filter(pk__in=list(numbers)).values_list("pk", flat=True)
