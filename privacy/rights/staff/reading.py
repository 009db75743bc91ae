"""Record that staff read a request: the person whose account it is sees it."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from privacy.access.models import AccessRecord
from privacy.access.services import record_access
from privacy.rights.models.requests import RightsRequest

# Several pages about one request within this time are one reading.
READING_LASTS = dt.timedelta(minutes=15)


def record_reading(*, request: RightsRequest, staff: UUID, role: str) -> None:
    """Record that a member of staff reads what a person wrote, unless they read the same within the last minutes.

    Nothing is recorded while no account is known: there is no one who could see it.
    """
    if request.subject is None:
        return
    act, reference = AccessRecord.Act.READ_REQUEST, request.reference
    since = timezone.now() - READING_LASTS
    known = AccessRecord.objects.filter(
        subject=request.subject, staff=staff, act=act, reference=reference, at__gte=since
    )
    if not known.exists():
        reason = AccessRecord.Reason.REQUEST
        record_access(subject=request.subject, staff=staff, role=role, act=act, reason=reason, reference=reference)
