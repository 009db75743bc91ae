"""What the person typed of their enterprise, to be compared with the licence."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.licences.states import LicenceField
from accounts.profiles.enterprises import clean_registration_number
from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_of, profile_values
from accounts.profiles.terms import term_in_words


@dataclass(frozen=True)
class TypedFact:
    """One detail of a profile: which, what was typed, and what a program can say of it."""

    field: LicenceField
    value: str
    note: str = ""


def typed_facts(subject_id: UUID) -> list[TypedFact]:
    """Return the details that the person typed, without those that are empty. Call it once the access is recorded."""
    profile = profile_of(subject_id)
    if profile is None:
        return []
    values = profile_values(profile)
    number = str(values["registration_number"] or "")
    facts = [
        TypedFact(LicenceField.ENTERPRISE_NAME, str(values["enterprise_name"] or "")),
        TypedFact(LicenceField.REGISTRATION_NUMBER, number, _verdict(profile, number) if number else ""),
        TypedFact(
            LicenceField.BUSINESS_PERIOD, _period(values["business_period_start"], values["business_period_end"])
        ),
        TypedFact(LicenceField.BUSINESS_ADDRESS, str(values["business_address"] or "")),
        TypedFact(LicenceField.BUSINESS_AREA, str(values["business_area"] or "")),
    ]
    return [fact for fact in facts if fact.value]


def typed_term(subject_id: UUID) -> object:
    """Return the end of the business period as it was typed: a date, `no_fixed_term`, or None."""
    profile = profile_of(subject_id)
    return profile.business_period_end if profile else None


def _period(start: object, end: object) -> str:
    shown = [term_in_words(value) for value in (start, end)]
    return " – ".join(filter(None, shown))


def _verdict(profile: Profile, number: str) -> str:
    """Return what the check digit, or the form of the number, says."""
    try:
        clean_registration_number(number, str(profile.country))
    except ValidationError as refused:
        if refused.code == "checksum_mismatch":
            return _("The check digit is wrong.")
        return _("A number of an unknown kind.")
    return _("The check digit and the form are right.")
