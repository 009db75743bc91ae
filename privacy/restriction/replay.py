"""After a restore: restrictions that the database lost are in force again, and those that were lifted are lifted."""

from collections.abc import Sequence
from uuid import UUID

from privacy.journal.lines import Line
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.services import lift_restriction, restrict_processing
from privacy.subjects.models import DataSubject


def restrict_again(lines: Sequence[Line]) -> int:
    """Restrict these persons again, in the caller's transaction; return how many. Erased persons are left out."""
    known = {UUID(line["item"]) for line in lines}
    known = set(ProcessingRestriction.objects.filter(pk__in=known).values_list("pk", flat=True))
    made = 0
    for line in lines:
        subject = _living(line)
        if subject is not None and UUID(line["item"]) not in known:
            restrict_processing(subject=subject, why=line["details"]["why"], number=UUID(line["item"]))
            made += 1
    return made


def lift_again(lines: Sequence[Line]) -> int:
    """Lift the restrictions of these persons again, in the caller's transaction; return how many."""
    return sum(
        lift_restriction(subject=subject, why=line["details"]["why"], by=line["details"]["by"], is_replayed=True)
        for line in lines
        if (subject := _living(line)) is not None
    )


def _living(line: Line) -> DataSubject | None:
    return DataSubject.objects.filter(pk=line["subject_id"], erased_at__isnull=True).first()
