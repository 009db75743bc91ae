"""A person's copies, and those that are due."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.database.compiled import CompiledQuery
from privacy.export.models import DataCopy

IN_THE_MAKING = (DataCopy.State.WAITING, DataCopy.State.MAKING)


def copies_of(subject_id: UUID) -> QuerySet[DataCopy]:
    """Return a person's copies, newest first."""
    return DataCopy.objects.filter(subject_id=subject_id)


def newest_copy(subject_id: UUID) -> DataCopy | None:
    """Return the copy that a person requested last, or None."""
    return NEWEST_COPY.first(subject_id)


def ready_copy(subject_id: UUID, copy_id: UUID) -> DataCopy | None:
    """Return a person's own copy while it can be read, or None."""
    return copies_of(subject_id).filter(pk=copy_id, state=DataCopy.State.READY, expires_at__gt=Now()).first()


def due_copies() -> QuerySet[DataCopy]:
    """Return the copies that a worker may take, oldest first; one whose worker died among them."""
    return DataCopy.objects.filter(state__in=IN_THE_MAKING, next_attempt_at__lte=Now()).order_by("asked_at")


NEWEST_COPY = CompiledQuery(lambda subject_id: copies_of(subject_id)[:1], UUID)
