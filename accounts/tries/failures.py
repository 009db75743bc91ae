"""Failures in a row of one authenticator: after too many it no longer works (NIST SP 800-63B-4, 3.2.2)."""

from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.tries.models import ConsecutiveFailures


def count_failure(subject_id: UUID, authenticator: str) -> int:
    """Count a wrong answer; return how many there are in a row."""
    try:
        return _count(subject_id, authenticator)
    except IntegrityError:  # another request made the row meanwhile
        return _count(subject_id, authenticator)


def accept_right_answer(subject_id: UUID, authenticator: str) -> bool:
    """Return whether a right answer counts, and reset the failures; False after too many."""
    failures = ConsecutiveFailures.objects.filter(subject_id=subject_id, authenticator=authenticator)
    if not list(failures.values_list("pk")):
        return True
    # The delete checks the count again: a failure may have been counted meanwhile.
    return bool(failures.filter(count__lt=settings.MOST_CONSECUTIVE_FAILURES).delete()[0])


def forget_failures(subject_id: UUID, authenticator: str = "") -> None:
    """Reset the failures of an authenticator, or of all of a person."""
    failures = ConsecutiveFailures.objects.filter(subject_id=subject_id)
    (failures.filter(authenticator=authenticator) if authenticator else failures).delete()


def remove_failures_without_subject() -> int:
    """Delete rows of an earlier release without a person; return how many."""
    return ConsecutiveFailures.objects.filter(subject=None).delete()[0]


def _count(subject_id: UUID, authenticator: str) -> int:
    now = timezone.now()
    with transaction.atomic():
        mine = ConsecutiveFailures.objects.filter(subject_id=subject_id, authenticator=authenticator)
        found = mine.select_for_update().first()
        if found is None:
            new = ConsecutiveFailures(subject_id=subject_id, authenticator=authenticator, count=1, last_at=now)
            new.save(force_insert=True)
            return 1
        mine.update(count=F("count") + 1, last_at=now)
        return found.count + 1
