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


def usernames_of_staff(accounts: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the usernames of the staff accounts among these, deactivated ones included."""
    members = list(User.objects.filter(pk__in=accounts, is_staff=True))
    open_keys({member.subject_id for member in members})
    return {member.pk: str(member.username) for member in members}


def is_vouched_for(account: UUID, *, but_by: UUID | None = None) -> bool:
    """Whether an administrator other than `but_by`, or the administrator of the machine, vouched for an account."""
    vouches = StaffVouch.objects.filter(member_id=account)
    return vouches.filter(Q(vouched_by=None) | ~Q(vouched_by=but_by)).exists() if but_by else vouches.exists()
