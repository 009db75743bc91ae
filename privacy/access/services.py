"""Record what staff do with a person's data."""

from uuid import UUID

from django.utils import timezone

from privacy.access.models import AccessRecord
from privacy.subjects.models import DataSubject


def record_access(
    *, subject: DataSubject, staff: UUID, role: str, act: str, reason: str, reference: str = ""
) -> AccessRecord:
    """Append one act of staff, for the person to see, and return it.

    `staff` is the number of their account, `role` what `role_of` returns, `act` a value of `AccessRecord.Act`, `reason`
    one of `AccessRecord.Reason`, and `reference` the number of a ticket.
    """
    record = AccessRecord(
        subject=subject, staff=staff, role=role, act=act, reason=reason, reference=reference, at=timezone.now()
    )
    return AccessRecord.append(record)
