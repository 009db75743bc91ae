"""Record what staff do with people's data, and which lists they download."""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from privacy.access.models import AccessRecord, ListExport
from privacy.restriction.queries import refuse_where_restricted
from privacy.subjects.models import DataSubject

# These read values of a person, or change them. A restricted person is still found, masked, and their account ended.
READS = frozenset({AccessRecord.Act.OPENED, AccessRecord.Act.CORRECTED, AccessRecord.Act.COMPARED})


def record_access(
    *, subject: DataSubject, staff: UUID, role: str, act: str, reason: str, reference: str = ""
) -> AccessRecord:
    """Append one act of staff, for the person to see, and return it.

    `staff` is the number of their account, `role` what `role_of` returns, `act` a value of `AccessRecord.Act`, `reason`
    one of `AccessRecord.Reason`, and `reference` the number of a ticket. Raises `ProcessingRestricted` where the act
    reads data that is only stored: call this before the data is read.
    """
    if act in READS:
        refuse_where_restricted(subject.pk, reason=reason)
    record = AccessRecord(
        subject=subject, staff=staff, role=role, act=act, reason=reason, reference=reference, at=timezone.now()
    )
    return AccessRecord.append(record)


def record_export(*, staff: UUID, role: str, listed: str, filters: Mapping[str, str], rows: int) -> ListExport:
    """Append one download of a list, and return it. Call it before the first row leaves the portal.

    `listed` is the label of the listed model, `filters` the parameters of the list without a search text.
    """
    record = ListExport(staff=staff, role=role, listed=listed, filters=dict(filters), rows=rows, at=timezone.now())
    return ListExport.append(record)
