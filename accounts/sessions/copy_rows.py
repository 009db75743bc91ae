"""The rows of a copy of a person's data about sessions and devices, without secrets."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.sessions.known_devices import known_devices_of
from accounts.sessions.lifetimes import SIGNED_IN_KEY, USED_KEY
from accounts.sessions.models import Session
from accounts.sessions.names import session_name
from accounts.sessions.open_sessions import DEVICE_KEY


def session_rows(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each open session without its secret, which is not stored."""
    for row in Session.objects.filter(subject_id=subject_id, expire_date__gt=timezone.now()):
        kept = row.get_decoded()
        yield {
            "name": session_name(kept, subject_id),
            "device": kept.get(DEVICE_KEY),
            "signed_in_at": kept.get(SIGNED_IN_KEY),
            "last_used_at": kept.get(USED_KEY),
            "ends_at": row.expire_date,
        }


def device_rows(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each known device without the hash of its token."""
    for known in known_devices_of(subject_id):
        yield {
            "name": known.name,
            "device": known.device,
            "first_signed_in_at": known.created_at,
            "last_signed_in_at": known.last_used_at,
        }
