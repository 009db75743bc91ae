"""The identity behind a staff account, for acts that need two people."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from accounts.contact_points.services import verified_contacts
from accounts.staff.models import StaffVouch
from accounts.users.models import User
from privacy.encryption.keys import open_keys


def marks_of_staff(account: UUID, other: UUID) -> Collection[str]:
    """Return the blind indexes of the account's verified contact points; without any, a mark if it is vouched for.

    A verified contact point has one account only. A vouch by the `other` account does not count.
    """
    user = User.objects.filter(pk=account, is_staff=True).first()
    if user is None:
        return ()
    indexes = [bytes(contact.index).hex() for contact in verified_contacts(user.subject_id)]
    return indexes or ([f"vouched:{account}"] if is_vouched_for(account, but_by=other) else [])


def staff_account_of(subject_id: UUID) -> UUID | None:
    """Return the number of the staff account of a person; None without one."""
    members = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), subject_id=subject_id)
    return members.values_list("pk", flat=True).first()


def usernames_of_staff(accounts: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the usernames of the staff accounts among these, deactivated ones included."""
    members = list(User.objects.filter(pk__in=accounts, is_staff=True))
    open_keys({member.subject_id for member in members})
    return {member.pk: str(member.username) for member in members}


def staff_with_permission(permission: str) -> Mapping[UUID, str]:
    """Return the usernames of the active staff accounts that have a permission, such as `privacy.work_request`."""
    app, codename = permission.split(".")
    by_role = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label=app)
    by_itself = Q(user_permissions__codename=codename, user_permissions__content_type__app_label=app)
    found = User.objects.filter(by_role | by_itself | Q(is_superuser=True), is_staff=True, is_active=True)
    return usernames_of_staff(set(found.values_list("pk", flat=True)))


def is_vouched_for(account: UUID, *, but_by: UUID | None = None) -> bool:
    """Whether an administrator other than `but_by`, or the administrator of the machine, vouched for an account."""
    vouches = StaffVouch.objects.filter(member_id=account)
    return vouches.filter(Q(vouched_by=None) | ~Q(vouched_by=but_by)).exists() if but_by else vouches.exists()
