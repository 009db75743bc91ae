"""Cancels many accounts, and makes their erasures due."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now

from privacy.erasure.models import ErasureCase

AHEAD, PAST = timedelta(days=30), timedelta(days=9)


def cancel_ahead(subjects: Iterable[UUID]) -> None:
    """Cancel these accounts; their erasure is due in a month."""
    ahead = Now() + AHEAD
    ErasureCase.objects.bulk_create(
        [
            ErasureCase(subject_id=subject, cancelled_at=Now(), due_at=ahead, next_attempt_at=ahead, deadline_at=ahead)
            for subject in subjects
        ],
        batch_size=2000,
    )


def make_due(subjects: Sequence[UUID]) -> None:
    """Make the erasure of these accounts due."""
    past = Now() - PAST
    ErasureCase.objects.filter(subject__pk__in=list(subjects)).update(due_at=past, next_attempt_at=past)
