"""Which staff read or changed a person's data."""

from uuid import UUID

from django.db.models import QuerySet

from privacy.access.models import AccessRecord


def accesses_of(subject_id: UUID) -> QuerySet[AccessRecord]:
    """Return every act of staff on a person's data, newest first."""
    return AccessRecord.objects.filter(subject_id=subject_id).order_by("-position")
