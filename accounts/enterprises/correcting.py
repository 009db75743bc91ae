"""What members see of the enterprise's data, and its correction by administrators and owners."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.enterprises.queries import SEEN_BY_MEMBERS
from accounts.enterprises.roles import Role
from accounts.enterprises.services import acting
from accounts.profiles.fields import in_words
from accounts.profiles.models import Correction, Profile
from accounts.profiles.queries import profile_of, profile_values
from accounts.profiles.services import correct_profile
from privacy.inventory.queries import personal_fields
from privacy.subjects.models import DataSubject

_BY = {Role.OWNER: Correction.By.OWNER, Role.ADMINISTRATOR: Correction.By.ADMINISTRATOR}
# Its contact person, and how it signs in, are of the enterprise's own account alone.
CORRECTED = (*SEEN_BY_MEMBERS, "registration_number_kind", "registration_number_needs_review")


def profile_of_enterprise(enterprise: DataSubject) -> Profile:
    """Return the profile of an enterprise. Raises `Profile.DoesNotExist`."""
    found = profile_of(enterprise.pk)
    if found is None:
        raise Profile.DoesNotExist
    return found


def data_seen(enterprise: DataSubject) -> dict[str, Any]:
    """Return the values that members see, by the inventory's keys."""
    values = profile_values(profile_of_enterprise(enterprise))
    return {key: values[key] for key in SEEN_BY_MEMBERS}


def words_seen(enterprise_id: UUID) -> list[tuple[Any, str]]:
    """Return the labels and values that members see, in words."""
    profile = profile_of(enterprise_id)
    values = profile_values(profile) if profile else {}
    labels = {field.key: field.label for field in personal_fields()}
    return [(labels[key], in_words(key, values[key])) for key in SEEN_BY_MEMBERS if values.get(key)]


def correct_enterprise(*, by: DataSubject, values: Mapping[str, Any]) -> list[str]:
    """Correct the enterprise's data from checked values; its history says in which role. Return the changed fields.

    Raises `NotOfAnEnterprise`, `RoleTooLow`, `OtherJurisdiction`.
    """
    with acting(by, Role.ADMINISTRATOR) as standing:
        given = {key: value for key, value in values.items() if key in CORRECTED}
        role = _BY[standing.role] if standing.membership else Correction.By.SELF
        return correct_profile(subject=standing.enterprise, values=given, by=role)
