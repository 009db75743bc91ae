"""Counts of latest consents by version, updated with each consent and erasure, so that no page reads every row."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Subquery, Sum

from privacy.consent.models import ConsentRecord, ConsentTally
from privacy.consent.queries import latest_consents

# Rows that one pass adds up: a few milliseconds.
BATCH = 10_000


def changed_by(*, before: UUID | None, after: UUID) -> list[ConsentTally]:
    """Return the new rows for a person who agreed to version `before` (None: to none) and now to `after`."""
    if before == after:
        return []
    gone = [ConsentTally(version_id=before, change=-1)] if before else []
    return [*gone, ConsentTally(version_id=after, change=1)]


def subtract_erased(subjects: Collection[UUID]) -> None:
    """Remove people who are erased in this transaction from the counts."""
    gone = Counter(latest_consents(subjects).values())
    ConsentTally.objects.bulk_create(
        [ConsentTally(version_id=version, change=-people) for version, people in gone.items()]
    )


def mend_tallies() -> int:
    """Count everyone, and add what the counts lack; return by how many people they were wrong.

    The previous release does not count. It runs beside this one during an upgrade and after a rollback.
    """
    newest = ConsentRecord.objects.filter(subject=OuterRef("subject")).order_by("-position").values("position")[:1]
    latest = ConsentRecord.objects.filter(position=Subquery(newest), subject__erased_at__isnull=True)
    counted = latest.values_list("version_id").annotate(people=Count("pk")).order_by()
    tallied = ConsentTally.objects.values_list("version_id").annotate(people=-Sum("change")).order_by()
    lacking: Counter[UUID] = Counter()
    # One statement sees one snapshot, also while people register.
    for version_id, people in counted.union(tallied, all=True):
        lacking[version_id] += people
    rows = [ConsentTally(version_id=version, change=people) for version, people in lacking.items() if people]
    ConsentTally.objects.bulk_create(rows)
    return sum(abs(row.change) for row in rows)


def fold_tallies(*, batch: int = BATCH) -> int:
    """Replace the rows of each version by one; return how many rows were deleted."""
    folded = 0
    while taken := _fold(batch):
        folded += taken
    return folded


@transaction.atomic
def _fold(batch: int) -> int:
    rows = ConsentTally.objects.order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    taken = list(rows[:batch])
    versions = {row.version_id for row in taken}
    if len(taken) == len(versions):
        return 0
    sums: Counter[UUID] = Counter()
    for row in taken:
        sums[row.version_id] += row.change
    ConsentTally.objects.filter(pk__in=[row.pk for row in taken]).delete()
    ConsentTally.objects.bulk_create(
        [ConsentTally(version_id=version, change=change) for version, change in sums.items()]
    )
    return len(taken)


def people_by_version() -> dict[str, int]:
    """Return how many people's latest consent names each version, by the version's id."""
    sums = ConsentTally.objects.values_list("version_id").annotate(people=Sum("change")).order_by()
    return {str(version_id): people for version_id, people in sums if people}
