"""The rows of a copy of a person's data about changes that can be undone."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from accounts.security_events.models import SecurityChange


def change_rows(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each change that can be undone, with the replaced value; without second factors."""
    for change in SecurityChange.objects.filter(subject_id=subject_id).order_by("at"):
        yield {
            "at": change.at,
            "kind": change.kind,
            "device": change.device,
            "former_contact": change.former_contact,
            "former_username": change.former_username,
            "undo_until": change.undo_until,
        }
