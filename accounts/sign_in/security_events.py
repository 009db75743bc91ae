"""Note what happens at the doors of a person, for that person to look at (1.5)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.core import context
from django.contrib.auth.signals import user_logged_in
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.dispatch import receiver

from accounts.sign_in.devices import device_of
from accounts.sign_in.models import SecurityEvent
from accounts.users.models import User

KEPT_FOR = timedelta(days=365)
Kind = SecurityEvent.Kind


def record_event(subject_id: UUID | None, kind: Kind) -> SecurityEvent:
    """Note that something happened now, on the device whose request is being answered."""
    return SecurityEvent.objects.create(subject_id=subject_id, kind=kind, device=device_of(context.request))


def events_of(subject_id: UUID) -> QuerySet[SecurityEvent]:
    """Return what happened at the doors of a person, newest first."""
    return SecurityEvent.objects.filter(subject_id=subject_id)


def remove_old_events() -> int:
    """Remove what is older than a year, and what happened to nobody; return how many events went."""
    return SecurityEvent.objects.filter(Q(at__lt=Now() - KEPT_FOR) | Q(subject=None)).delete()[0]


@receiver(user_logged_in)
def _note_sign_in(user: User, **_more: Any) -> None:
    record_event(user.subject_id, Kind.SIGNED_IN)
