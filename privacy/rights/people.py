"""Whose request it is, as far as new rows may say so."""

from privacy.rights.models.requests import RightsRequest
from privacy.subjects.models import DataSubject


def living_subject(request: RightsRequest) -> DataSubject | None:
    """Return the person of a request while they are not erased: no new row may lead to an erased person."""
    subject = request.subject
    return None if subject is None or subject.erased_at is not None else subject
