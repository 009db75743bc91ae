"""Recipients stop using a restricted person's data, and use it again: unless a cancellation says so anyway."""

from typing import Any

from privacy.erasure.models import OPEN_STATES, ErasureCase
from privacy.recipients.outbox import enqueue_resumed, enqueue_suspended, release_waiting
from privacy.restriction.models import ProcessingRestriction


def suspend_at_recipients(restriction: ProcessingRestriction, **_more: Any) -> None:
    """Notify recipients to stop using the data (GDPR art. 19), in the transaction of the restriction."""
    enqueue_suspended(subject=restriction.subject_id, case=restriction.pk, at=restriction.since)


def resume_at_recipients(restriction: ProcessingRestriction, **_more: Any) -> None:
    """Notify recipients to use the data again, and send what waited; not while the account is cancelled."""
    if ErasureCase.objects.filter(subject_id=restriction.subject_id, state__in=OPEN_STATES).exists():
        return
    assert restriction.lifted_at is not None  # noqa: S101 - for the type checker: called once it is lifted
    enqueue_resumed(subject=restriction.subject_id, case=restriction.pk, at=restriction.lifted_at)
    release_waiting(subject=restriction.subject_id)
