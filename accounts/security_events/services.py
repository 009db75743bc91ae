"""Record the security events of a person, shown to that person (clause 1.5 of the sample policy)."""

from typing import Any
from uuid import UUID

from allauth.core import context
from django.db.models import QuerySet

from accounts.security_events.devices import device_of
from accounts.security_events.models import SecurityEvent
from accounts.users.models import User


def record_event(subject_id: UUID, kind: SecurityEvent.Kind, *, device: str = "") -> SecurityEvent:
    """Record an event now; `device` is by default the device of the current request."""
    event = SecurityEvent(subject_id=subject_id, kind=kind, device=device or device_of(context.request))
    event.save(force_insert=True)
    return event


def events_of(subject_id: UUID) -> QuerySet[SecurityEvent]:
    """Return the security events of a person, newest first."""
    return SecurityEvent.objects.filter(subject_id=subject_id)


def remove_events_without_subject() -> int:
    """Delete events of an earlier release without a person; return how many."""
    return SecurityEvent.objects.filter(subject=None).delete()[0]


def note_sign_in(user: User, **_more: Any) -> None:
    record_event(user.subject_id, SecurityEvent.Kind.SIGNED_IN)
