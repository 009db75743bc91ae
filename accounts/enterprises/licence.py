"""The business licence of an enterprise: members see its state, administrators and owners hand it in."""

from dataclasses import dataclass

from accounts.enterprises.queries import Standing, standing_of
from accounts.enterprises.roles import Role, is_at_least
from accounts.licences.models import Licence
from accounts.licences.queries import licence_in_force, present_licence
from accounts.licences.services import hand_in
from privacy.subjects.models import DataSubject


@dataclass(frozen=True)
class LicenceSeen:
    """The newest licence of an enterprise, and whether one is in force; `has_reasons` says whether to tell why."""

    licence: Licence | None
    is_in_force: bool
    has_reasons: bool


def licence_seen(standing: Standing) -> LicenceSeen:
    """Return what someone sees of the licence: its pictures are for the enterprise's own account alone."""
    number = standing.enterprise.pk
    is_told_why = is_at_least(standing.role, Role.ADMINISTRATOR)
    return LicenceSeen(present_licence(number), licence_in_force(number) is not None, is_told_why)


def hand_in_licence(*, by: DataSubject, data: bytes) -> Licence:
    """Hand in the enterprise's licence; the role counts that one has as the file arrives.

    Raises `NotOfAnEnterprise`, `RoleTooLow`, and as `accounts.licences.services.hand_in`.
    """
    standing = standing_of(by)
    standing.require(Role.ADMINISTRATOR)
    return hand_in(subject=standing.enterprise, data=data)
