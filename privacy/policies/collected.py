"""The table "What we collect", computed from the register."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from privacy.register.declarations import Kind, PersonalField
from privacy.register.purposes import Purpose, get_purpose
from privacy.register.register import personal_fields


@dataclass(frozen=True)
class CollectedField:
    """One line of the table: a declared field, its purpose, and what each kind of registration does with it."""

    declared: PersonalField
    purpose: Purpose
    individual: str | Promise
    enterprise: str | Promise


def collected_fields() -> list[CollectedField]:
    """Return a line for every declared personal field, in the order of the policy."""
    return [
        CollectedField(
            declared,
            get_purpose(declared.purpose),
            _insistence(declared, Kind.INDIVIDUAL),
            _insistence(declared, Kind.ENTERPRISE),
        )
        for declared in personal_fields()
    ]


def _insistence(declared: PersonalField, kind: Kind) -> str:
    if not declared.is_offered_to(kind):
        return _("not asked")
    if kind not in declared.required_for:
        return _("optional")
    if declared.required_in:
        return _("required in some countries")
    return _("required")
