"""The table "What we collect", computed from the data inventory."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.purposes import Purpose, get_purpose
from privacy.inventory.queries import personal_fields
from privacy.inventory.retention_classes import in_a_row
from privacy.policies.citations import cited_clauses
from privacy.policies.models import PolicyVersion
from privacy.policies.topics import field_topic, purpose_topic


@dataclass(frozen=True)
class CollectedField:
    """One line of the table: a declared field, its purpose, and how each kind of registration treats it.

    `named_in` and `purpose_in` are the clauses of the version that name the field and state its purpose, or empty.
    """

    declared: PersonalField
    named_in: str
    purpose: Purpose
    purpose_in: str
    individual: str | Promise
    enterprise: str | Promise


def collected_fields(version: PolicyVersion | None) -> list[CollectedField]:
    """Return a line for every declared personal field, in the order of the policy, with the clauses of a version."""
    cited = cited_clauses(version)
    return [_line(declared, cited) for declared in personal_fields()]


def _line(declared: PersonalField, cited: Mapping[str, str]) -> CollectedField:
    purpose = get_purpose(declared.purpose)
    named = [cited.get(field_topic(declared, kind), "") for kind in Kind]
    return CollectedField(
        declared,
        in_a_row(dict.fromkeys(filter(None, named))),
        purpose,
        cited.get(purpose_topic(purpose), ""),
        _insistence(declared, Kind.INDIVIDUAL),
        _insistence(declared, Kind.ENTERPRISE),
    )


def _insistence(declared: PersonalField, kind: Kind) -> str:
    if not declared.is_offered_to(kind):
        return _("not asked")
    if kind not in declared.required_for:
        return _("optional")
    if declared.required_in:
        return _("required in some countries")
    return _("required")
