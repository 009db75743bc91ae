"""Which enterprise a person acts for and in which role, who its members are, and which invitations are open."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.roles import Role, is_at_least
from accounts.enterprises.tokens import keyed
from accounts.profiles.queries import kind_of_profile, profile_of
from accounts.users.models import User
from privacy.database.compiled import CompiledQuery
from privacy.encryption.keys import open_keys
from privacy.inventory.declarations import Kind
from privacy.restriction.queries import is_restricted
from privacy.subjects.models import DataSubject

SEE_MEMBERSHIPS, SEE_INVITATIONS = "accounts.view_membership", "accounts.view_invitation"
# What a member sees of the enterprise: not its contact person, and not how it signs in.
SEEN_BY_MEMBERS = (
    "enterprise_name",
    "country",
    "registration_number",
    "business_period_start",
    "business_period_end",
    "business_area",
    "business_address",
)
# An invitation that no one used, declined or withdrew.
OPEN: dict[str, Any] = {"used_at": None, "declined_at": None, "revoked_at": None}
OFFERED_FOR = dt.timedelta(days=7)
KEPT_FOR, LATE_AFTER = dt.timedelta(days=7), dt.timedelta(days=1)


class NotOfAnEnterprise(Exception):
    """The person acts for no enterprise at the moment."""


class RoleTooLow(Exception):
    """The act needs a higher role in the enterprise."""


@dataclass(frozen=True)
class Standing:
    """For which enterprise a person acts and in which role; its own account has no membership."""

    enterprise: DataSubject
    role: Role
    membership: Membership | None = None

    def require(self, needed: Role) -> None:
        """Raise `RoleTooLow` where the role is below the needed one."""
        if not is_at_least(self.role, needed):
            raise RoleTooLow("This act needs a higher role.")


@dataclass(frozen=True)
class MemberShown:
    """What owners see of a member: nothing of the profile."""

    membership: Membership
    last_signed_in_at: dt.datetime | None


def standing_of(subject: DataSubject) -> Standing:
    """Return for which enterprise a person acts. Raises `NotOfAnEnterprise`.

    No one acts for an enterprise that is cancelled or restricted, and no one who is restricted acts.
    """
    if not may_act(subject):
        raise NotOfAnEnterprise("This account is closed or restricted.")
    if kind_of_profile(subject.pk) == Kind.ENTERPRISE:
        return Standing(subject, Role.OWNER)
    found = membership_of(subject.pk)
    if found is None or not may_act(found.enterprise):
        raise NotOfAnEnterprise("This person is a member of no enterprise.")
    return Standing(found.enterprise, Role(found.role), found)


def may_act(subject: DataSubject) -> bool:
    """Whether a person or an enterprise has an open account whose data may be used."""
    is_open = User.objects.filter(subject_id=subject.pk, is_active=True, verified_at__isnull=False).exists()
    return is_open and not is_restricted(subject.pk)


def membership_of(subject_id: UUID) -> Membership | None:
    """Return the present membership of a person, or None."""
    return MEMBERSHIP.first(subject_id)


def members_of(enterprise_id: UUID) -> QuerySet[Membership]:
    """Return the present members of an enterprise, in the order in which they joined."""
    return Membership.objects.filter(enterprise_id=enterprise_id, ended_at=None).order_by("since", "pk")


def shown_members(enterprise_id: UUID) -> Iterator[MemberShown]:
    """Yield what owners see of each member of an enterprise."""
    found = list(members_of(enterprise_id))
    open_keys({each.subject_id for each in found})
    people = User.objects.filter(subject_id__in=[each.subject_id for each in found])
    signed_in = dict(people.values_list("subject_id", "last_login"))
    yield from (MemberShown(each, signed_in.get(each.subject_id)) for each in found)


def owners_of(enterprise_id: UUID) -> QuerySet[Membership]:
    """Return the members of an enterprise who are owners."""
    return members_of(enterprise_id).filter(role=Role.OWNER)


def open_invitations(enterprise_id: UUID) -> QuerySet[Invitation]:
    """Return the invitations of an enterprise that can still be used, newest first."""
    found = Invitation.objects.filter(enterprise_id=enterprise_id, **OPEN)
    return found.filter(expires_at__gt=Now()).order_by("-invited_at", "pk")


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that the secret of a link opens, or None if it is wrong, closed or too old."""
    found = Invitation.objects.filter(token_hash=keyed(token)).select_related("enterprise").first()
    if found is None or not open_invitations(found.enterprise_id).filter(pk=found.pk).exists():
        return None
    return found if may_act(found.enterprise) else None


def name_of_enterprise(enterprise_id: UUID) -> str:
    """Return the name of an enterprise; empty where it gave none."""
    profile = profile_of(enterprise_id)
    return str(profile.enterprise_name or "") if profile else ""


def has_offer(membership: Membership) -> bool:
    """Whether the ownership is offered to a member, and they may still agree."""
    found = Membership.objects.filter(pk=membership.pk, ended_at=None, offered_at__gt=Now() - OFFERED_FOR)
    return found.exists()


def ended_invitations() -> QuerySet[Invitation]:
    """Return the invitations whose end was a week ago."""
    return Invitation.objects.filter(expires_at__lte=Now() - KEPT_FOR).order_by("expires_at")


def invitations_kept_too_long() -> QuerySet[Invitation]:
    """Return the invitations that should have been deleted a day ago."""
    return ended_invitations().filter(expires_at__lte=Now() - KEPT_FOR - LATE_AFTER)


# Every page of the settings asks it.
MEMBERSHIP = CompiledQuery(
    lambda subject_id: Membership.objects.filter(subject_id=subject_id, ended_at=None).select_related("enterprise"),
    UUID,
)
