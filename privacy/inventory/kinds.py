"""Which kind of registration a person made. `privacy` holds no profile; whoever does registers a reader."""

from collections.abc import Callable
from uuid import UUID

from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.queries import fields_for, personal_fields

KindReader = Callable[[UUID], Kind | None]
_readers: list[KindReader] = []


def register_kind_reader(reader: KindReader) -> KindReader:
    """Add a function that knows the kind of a person, or answers None; usable as a decorator."""
    _readers.append(reader)
    return reader


def kind_of(subject_id: UUID) -> Kind | None:
    """Return the kind of a person's registration; None for staff, and for whoever is erased."""
    return next((kind for reader in _readers if (kind := reader(subject_id))), None)


def fields_of(subject_id: UUID) -> list[PersonalField]:
    """Return the fields that a person's kind of registration shows; every field where the kind is not known."""
    kind = kind_of(subject_id)
    return list(fields_for(kind) if kind else personal_fields())
