"""Queries for profiles and their missing fields."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Correction, Profile
from privacy.database.compiled import CompiledQuery
from privacy.encryption.fields import open_row
from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.queries import computed_once, fields_for, personal_fields

HELD_ELSEWHERE = ("username", "password", "phone", "email", "enterprise_email")


@computed_once
def profile_keys() -> Sequence[str]:
    """Return the inventory's keys of the fields of a profile."""
    return tuple(field.key for field in personal_fields() if field.key not in HELD_ELSEWHERE)


def profile_of(subject_id: UUID) -> Profile | None:
    """Return a person's profile; staff have none."""
    return PROFILE.first(subject_id)


def kind_of_profile(subject_id: UUID) -> Kind | None:
    """Return the kind of a person's registration, for `privacy.inventory`."""
    profile = profile_of(subject_id)
    return Kind(profile.kind) if profile else None


def country_of_profile(subject_id: UUID) -> str | None:
    """Return the country of a person, for `privacy.inventory`."""
    profile = profile_of(subject_id)
    return str(profile.country) if profile else None


def corrections_of(subject_id: UUID) -> QuerySet[Correction]:
    """Return which fields were corrected, newest first."""
    return Correction.objects.filter(subject_id=subject_id).order_by("-at")


def profile_values(profile: Profile) -> dict[str, Any]:
    """Return the values of a profile by the inventory's keys."""
    open_row(profile)
    return {key: getattr(profile, key) for key in profile_keys()}


def given_fields(profile: Profile) -> set[str]:
    """Return the keys of the fields of a profile that have a value."""
    given = {key for key, value in profile_values(profile).items() if value}
    if "business_period_start" in given:  # an earlier form took an empty end as no fixed term
        given.add("business_period_end")
    return given


def missing_fields(profile: Profile, contacts: Iterable[ContactPoint]) -> list[PersonalField]:
    """Return the optional fields without a value, for a profile and all contact points of its person."""
    given = given_fields(profile) | {contact.field for contact in contacts} | {"username", "password"}
    return [field for field in fields_for(profile.kind) if field.key not in given]


PROFILE = CompiledQuery(lambda subject_id: Profile.objects.filter(subject_id=subject_id), UUID)
