"""The topics for which the portal names a clause: purposes, fields, and the grounds of keeping and erasing.

The key of a topic never changes. Which clause of a text states it belongs to the version: see `citations`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.purposes import NECESSARY, Purpose, optional_purposes
from privacy.inventory.queries import personal_fields
from privacy.policies.grounds import DeletionGround, RetentionGround


class Group(StrEnum):
    """The groups of topics."""

    PURPOSE = "purpose"
    OPTIONAL_PURPOSE = "optional"
    FIELD = "field"
    RETENTION = "keep"
    DELETION = "erase"

    @property
    def label(self) -> str | Promise:
        """The heading of the group, for staff."""
        return _LABELS[self]


_LABELS = {
    Group.PURPOSE: _("Purposes"),
    Group.OPTIONAL_PURPOSE: _("Optional purposes"),
    Group.FIELD: _("What is collected"),
    Group.RETENTION: _("Why data may be kept"),
    Group.DELETION: _("Why data is erased"),
}
_KINDS = {Kind.INDIVIDUAL: _("individual"), Kind.ENTERPRISE: _("enterprise")}


@dataclass(frozen=True)
class Topic:
    """One thing that a clause states: a key such as `purpose:service`, its group, and its label for staff."""

    key: str
    group: Group
    label: str


def purpose_topic(purpose: Purpose) -> str:
    """Return the key of the topic of a purpose."""
    return f"{Group.OPTIONAL_PURPOSE if purpose.optional else Group.PURPOSE}:{purpose.key}"


def field_topic(declared: PersonalField, kind: Kind) -> str:
    """Return the key of the topic of a field of one kind of registration."""
    return f"{Group.FIELD}:{kind}:{declared.key}"


def retention_topic(ground: str) -> str:
    """Return the key of the topic of a `RetentionGround`."""
    return f"{Group.RETENTION}:{RetentionGround(ground).name.lower()}"


def deletion_topic(ground: str) -> str:
    """Return the key of the topic of a `DeletionGround`."""
    return f"{Group.DELETION}:{DeletionGround(ground).name.lower()}"


def all_topics() -> list[Topic]:
    """Return every topic by group, each in display order, in the reader's language."""
    return list(_topics())


def _topics() -> Iterator[Topic]:
    for purpose in [*NECESSARY.values(), *optional_purposes()]:
        group = Group.OPTIONAL_PURPOSE if purpose.optional else Group.PURPOSE
        yield Topic(purpose_topic(purpose), group, str(purpose.label))
    for kind in Kind:
        for declared in personal_fields():
            if declared.is_offered_to(kind):
                label = gettext("%(field)s, %(kind)s") % {"field": declared.label, "kind": _KINDS[kind]}
                yield Topic(field_topic(declared, kind), Group.FIELD, label)
    for kept in RetentionGround:
        yield Topic(retention_topic(kept), Group.RETENTION, str(kept.label))
    for erased in DeletionGround:
        yield Topic(deletion_topic(erased), Group.DELETION, str(erased.label))
