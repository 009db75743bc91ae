"""Whether a field of a person is sensitive: as it is declared, and every one of a child (PIPL art. 28)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from privacy.guardians.models.guardianships import Guardianship
from privacy.inventory.declarations import PersonalField


def is_sensitive(subject_id: UUID, field: PersonalField) -> bool:
    """Whether a field of a person is sensitive. While a guardian acts for them, every one is."""
    return sensitivity_of(subject_id)(field)


def sensitivity_of(subject_id: UUID) -> Callable[[PersonalField], bool]:
    """Return `is_sensitive` for many fields of one person, by one query."""
    is_child = Guardianship.objects.filter(subject_id=subject_id, ended_at__isnull=True).exists()
    return lambda field: field.sensitive or is_child


def fields_seen_for(subject_id: UUID, fields: Iterable[PersonalField]) -> list[PersonalField]:
    """Return declared fields as pages show them to or about a person: sensitive where `is_sensitive` says so."""
    ask = sensitivity_of(subject_id)
    return [replace(field, sensitive=ask(field)) for field in fields]
