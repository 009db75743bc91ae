"""The published versions, for nearly every request: read again every second."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from privacy.policies.models import PolicyVersion

# A version published by another process counts here after at most this many seconds; whether it has come into force
# is checked on every request.
REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """The data that decides which published version is shown, and whether it changes what people accepted."""

    id: UUID
    jurisdiction: str
    label: str
    language: str
    material: bool
    in_force_from: datetime
    # When the first text of its label comes into force, in any language.
    label_since: datetime


@dataclass
class _Remembered:
    versions: dict[UUID, PublishedVersion]
    until: float = 0.0


_remembered = _Remembered({})


def changed_materially_since(accepted: UUID) -> bool:
    """Whether `material_changes_since` would find any for the version with this id; True for an unknown version."""
    versions = _versions()
    known = versions.get(accepted)
    if known is None:
        return True
    now = timezone.now()
    return any(
        version.material
        and version.jurisdiction == known.jurisdiction
        and version.label != known.label
        and version.in_force_from <= now
        and version.label_since > known.label_since
        for version in versions.values()
    )


def id_to_show(jurisdiction: str, language: str) -> UUID | None:
    """Return the id of the version in force with the newest label, in this language if it exists, or None."""
    now = timezone.now()
    came = [v for v in _versions().values() if v.jurisdiction == jurisdiction and v.in_force_from <= now]
    if not came:
        return None
    newest = max(came, key=lambda version: version.label_since).label
    texts = sorted((v for v in came if v.label == newest), key=lambda version: version.in_force_from)
    return next((version.id for version in texts if version.language == language), texts[0].id)


def forget_versions() -> None:
    """Read the published versions again at the next question."""
    _remembered.until = 0.0


def _versions() -> dict[UUID, PublishedVersion]:
    if time.monotonic() >= _remembered.until:
        # The time is taken first: a concurrent caller may read an older list, for no longer than promised.
        until = time.monotonic() + REMEMBERED_SECONDS
        _remembered.versions = _read()
        _remembered.until = until
    return _remembered.versions


def _read() -> dict[UUID, PublishedVersion]:
    published = PolicyVersion.objects.filter(published_at__isnull=False)
    columns = ("pk", "jurisdiction", "label", "language", "material", "in_force_from")
    rows: list[Any] = list(published.values_list(*columns))
    since: dict[tuple[str, str], datetime] = {}
    for _id, jurisdiction, label, _language, _material, begins in rows:
        since[jurisdiction, label] = min(begins, since.get((jurisdiction, label), begins))
    return {
        pk: PublishedVersion(pk, jurisdiction, label, language, bool(material), begins, since[jurisdiction, label])
        for pk, jurisdiction, label, language, material, begins in rows
    }


def forget_at_publication(**_signal: Any) -> None:
    """Read the published versions again after a publication."""
    forget_versions()
