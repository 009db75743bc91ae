"""Declared once: what a personal field is, why it is asked for, and which record holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from django.db import models
from django.utils.functional import Promise

from privacy.inventory.copy_parts import CopyPart, NotCopied
from privacy.inventory.purposes import NECESSARY, UnknownPurpose
from privacy.inventory.retention_classes import MOVING_CLASSES, RetentionClass
from privacy.operations.collecting import declared

Label = str | Promise


class Kind(StrEnum):
    """The two kinds of registration (clauses 1.1.1 and 1.1.2 of the sample policy)."""

    INDIVIDUAL = "individual"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class PersonalField:
    """The declaration of one personal field; label, form, table, encryption, export and erasure follow from it.

    `kinds` of registration offer the field; `required_for` those for which it is required at sign-up; `required_in`
    narrows that to some countries. Which clause names the field belongs to each version of the policy.
    """

    key: str
    label: Label
    kinds: frozenset[Kind]
    purpose: str
    why: Label
    without: Label
    required_for: frozenset[Kind] = frozenset()
    required_in: frozenset[str] = frozenset()
    sensitive: bool = False
    retention_class: RetentionClass = RetentionClass.ACCOUNT
    max_length: int = 200
    sealed: bool = True
    position: int = 0

    def __post_init__(self) -> None:
        if self.purpose not in NECESSARY:
            raise UnknownPurpose(f"{self.key!r} names no necessary purpose; there are: {', '.join(NECESSARY)}.")

    def is_offered_to(self, kind: Kind | str) -> bool:
        """Whether a registration of this kind shows the field."""
        return Kind(kind) in self.kinds

    def is_required_for(self, kind: Kind | str, country: str = "") -> bool:
        """Whether the field is required at sign-up of this kind, from this country."""
        return Kind(kind) in self.required_for and (not self.required_in or country in self.required_in)


@dataclass(frozen=True)
class Record:
    """What a model with a person's rows declares, as its `inventory` attribute.

    `subject` is the lookup from a row to its `DataSubject`. `retention` is the class of its rows; `ages_from` the
    column from which the period of that class counts, if it has one. `plain` maps every column that holds no personal
    value to the reason. `declares` maps columns that hold a personal value unsealed (a password's hash). `keeps` says
    why rows are kept after an erasure (empty: they are erased). `copy` says what a person's copy holds of it, or why
    nothing. `moves` says whether the rows move with the person to another jurisdiction; None: as the class
    says (`moves_with_person`).
    """

    subject: str = "subject"
    retention: RetentionClass | None = None
    ages_from: str = ""
    plain: Mapping[str, str] = field(default_factory=dict)
    declares: Mapping[str, PersonalField] = field(default_factory=dict)
    keeps: Label = ""
    copy: CopyPart | NotCopied | None = None
    moves: bool | None = None

    @property
    def moves_with_person(self) -> bool:
        """Whether the rows move with a person to another jurisdiction; all others stay, and are erased.

        Evidence stays where it arose.
        """
        if self.keeps:
            return False
        return self.retention in MOVING_CLASSES if self.moves is None else self.moves


TECHNICAL = "an identifier, a state or a time that says nothing of the person by itself"


@dataclass(frozen=True)
class ThirdPartyModel:
    """A third-party model that points at a person, such as Django's admin log, and what it holds."""

    model: type[models.Model]
    record: Record


@lru_cache(maxsize=1)
def _third_party_records() -> dict[type[models.Model], Record]:
    return {each.model: each.record for each in declared(ThirdPartyModel)}


def record_of(model: type[models.Model]) -> Record | None:
    """Return what a model declares, or None."""
    declared = model.__dict__.get("inventory") or _third_party_records().get(model)
    return declared if isinstance(declared, Record) else None


def declarations_of(column: models.Field) -> tuple[PersonalField, ...]:
    """Return the personal fields that a column holds: one, several (a contact point's value), or none."""
    record = record_of(column.model)
    if record and column.name in record.declares:
        return (record.declares[column.name],)
    return tuple(getattr(column, "personal", ()))
