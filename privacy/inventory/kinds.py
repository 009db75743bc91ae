"""Which kind of registration a person made. `privacy` holds no profiles: a package of `accounts` knows."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.queries import fields_for, personal_fields
from privacy.operations.collecting import declared


@dataclass(frozen=True)
class RegistrationKind:
    """A function that returns the kind of a person's registration, or None."""

    kind_of: Callable[[UUID], Kind | None]


def kind_of(subject_id: UUID) -> Kind | None:
    """Return the kind of a person's registration; None for staff and for erased people."""
    return next((kind for each in declared(RegistrationKind) if (kind := each.kind_of(subject_id))), None)


def fields_of(subject_id: UUID) -> list[PersonalField]:
    """Return the fields that a person's kind of registration shows; every field if the kind is not known."""
    kind = kind_of(subject_id)
    return list(fields_for(kind) if kind else personal_fields())
