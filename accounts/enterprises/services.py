"""Invite, join, decline; leave, remove, change a role, hand the ownership over.

Every act locks the enterprise's row first, then reads the roles again: the second of two acts sees the first.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from accounts.enterprises.journal import note_end, note_roles
from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import (
    NotOfAnEnterprise,
    Standing,
    has_offer,
    invitation_of,
    may_act,
    members_of,
    membership_of,
    open_invitations,
    owners_of,
    standing_of,
)
from accounts.enterprises.roles import Role
from accounts.enterprises.tokens import keyed, new_token
from accounts.enterprises.told import Change, send_invitation, tell_change
from accounts.profiles.queries import kind_of_profile
from privacy.evidence.clock import database_now
from privacy.guardians.acting import guardians_of
from privacy.inventory.declarations import Kind
from privacy.notices.addresses import masked_address
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

WORKS_FOR = dt.timedelta(days=7)
MOST_OPEN = 50


class InvitationGone(Exception):
    """The link is wrong, used, declined, withdrawn or too old: ask for another invitation."""


class TooManyInvitations(Exception):
    """The enterprise has `MOST_OPEN` open invitations: withdraw some first."""


class OnlyIndividuals(Exception):
    """Only the account of an individual joins an enterprise."""


class HasGuardian(Exception):
    """A parent or guardian acts for the person (clause 8.1 of the sample policy), who takes on no role elsewhere."""


class MemberAlready(Exception):
    """The person is a member of an enterprise: they leave it first."""


class LastOwner(Exception):
    """The last owner hands the ownership over first, or the enterprise's account is cancelled."""


class NeedsAgreement(Exception):
    """No one becomes an owner unless they agree: offer them the ownership."""


class NoOffer(Exception):
    """The ownership is not offered to this person any more."""


REFUSALS = (
    InvitationGone,
    TooManyInvitations,
    OnlyIndividuals,
    HasGuardian,
    MemberAlready,
    LastOwner,
    NeedsAgreement,
    NoOffer,
)


def invite(*, by: DataSubject, address: str, role: str) -> Invitation:
    """Invite an address in its stored form; known and unknown ones cost and answer the same.

    Raises `NotOfAnEnterprise`, `RoleTooLow`, `TooManyInvitations`.
    """
    token = new_token()
    with acting(by, Role.OWNER) as standing:
        if open_invitations(standing.enterprise.pk).count() >= MOST_OPEN:
            raise TooManyInvitations("Too many invitations are open.")
        made = Invitation(
            enterprise=standing.enterprise,
            role=role,
            address=address,
            address_index=address,
            token_hash=keyed(token),
            invited_by=standing.membership.pk if standing.membership else None,
            expires_at=database_now() + WORKS_FOR,
        )
        made.save(force_insert=True)
        send_invitation(made, address=address, token=token)
    made.refresh_from_db()
    return made


def withdraw_invitation(*, by: DataSubject, number: UUID) -> None:
    """Withdraw an open invitation. Raises `Invitation.DoesNotExist`, also for another enterprise's."""
    with acting(by, Role.OWNER) as standing:
        _close(open_invitations(standing.enterprise.pk).get(pk=number), "revoked_at")


def join(*, subject: DataSubject, token: str) -> Membership:
    """Make a person a member by the secret of a link, which then works no more.

    Raises `InvitationGone`, `OnlyIndividuals`, `HasGuardian`, `MemberAlready`.
    """
    found = invitation_of(token)
    if found is None:
        raise InvitationGone("This invitation is gone.")
    with transaction.atomic():
        lock_subjects([found.enterprise_id, subject.pk])
        found = invitation_of(token)
        if found is None:
            raise InvitationGone("This invitation is gone.")
        if kind_of_profile(subject.pk) != Kind.INDIVIDUAL or not may_act(subject):
            raise OnlyIndividuals("Only the account of an individual joins an enterprise.")
        if guardians_of(subject.pk):
            raise HasGuardian("A guardian acts for this person.")
        if membership_of(subject.pk):
            raise MemberAlready("This person is a member of an enterprise.")
        made = Membership(enterprise=found.enterprise, subject=subject, role=found.role)
        made.invited_at_address = masked_address(str(found.address))
        made.save(force_insert=True)
        _close(found, "used_at")
        tell_change(made, Change.JOINED)
    made.refresh_from_db()
    return made


def decline(*, token: str) -> None:
    """Close an invitation; the link is the only proof that is needed. Raises `InvitationGone`."""
    with transaction.atomic():
        found = invitation_of(token)
        if found is None:
            raise InvitationGone("This invitation is gone.")
        lock_subjects([found.enterprise_id])
        if (found := invitation_of(token)) is not None:
            _close(found, "declined_at")


def leave(*, subject: DataSubject) -> None:
    """End one's own membership, also of an enterprise that is restricted. Raises `NotOfAnEnterprise`, `LastOwner`."""
    with transaction.atomic():
        found = membership_of(subject.pk)
        if found is None:
            raise NotOfAnEnterprise("This person is a member of no enterprise.")
        lock_subjects([found.enterprise_id, subject.pk])
        found = members_of(found.enterprise_id).get(pk=found.pk)
        _keep_an_owner(found)
        _end(found)


def remove(*, by: DataSubject, number: UUID) -> None:
    """End the membership of somebody else. Raises `Membership.DoesNotExist`, `LastOwner`."""
    with acting(by, Role.OWNER) as standing:
        found = members_of(standing.enterprise.pk).get(pk=number)
        if standing.membership:
            _keep_an_owner(found)
        _end(found)


def change_role(*, by: DataSubject, number: UUID, role: str) -> Membership:
    """Change a member's role to administrator or member, also one's own.

    Raises `Membership.DoesNotExist`, `NeedsAgreement` for that of an owner, `LastOwner`.
    """
    with acting(by, Role.OWNER) as standing:
        found = members_of(standing.enterprise.pk).get(pk=number)
        if found.role == role:
            return found
        if role == Role.OWNER:
            raise NeedsAgreement("A new owner agrees first.")
        if standing.membership:
            _keep_an_owner(found)
        _set_role(found, Role(role))
        note_roles(found)
        return found


def offer_ownership(*, by: DataSubject, number: UUID, hands_over: bool) -> Membership:
    """Offer the ownership to a member for a week; with `hands_over`, the offering owner becomes an administrator then.

    Raises `Membership.DoesNotExist`.
    """
    with acting(by, Role.OWNER) as standing:
        found = members_of(standing.enterprise.pk).exclude(role=Role.OWNER).get(pk=number)
        found.offered_at = database_now()
        found.offered_by = standing.membership.pk if standing.membership and hands_over else None
        found.save(update_fields=["offered_at", "offered_by"])
        tell_change(found, Change.OFFERED)
        return found


def answer_offer(*, subject: DataSubject, agrees: bool) -> None:
    """Become an owner, or not. Raises `NotOfAnEnterprise`, `NoOffer`."""
    with acting(subject, Role.MEMBER) as standing:
        found = standing.membership
        if found is None or not has_offer(found):
            raise NoOffer("The ownership is not offered.")
        former = owners_of(standing.enterprise.pk).filter(pk=found.offered_by).first() if found.offered_by else None
        if not agrees:
            _clear_offer(found)
            return
        _set_role(found, Role.OWNER)
        if former:
            _set_role(former, Role.ADMINISTRATOR)
        note_roles(*filter(None, (found, former)))


@contextmanager
def acting(by: DataSubject, needed: Role) -> Iterator[Standing]:
    """Lock the enterprise that a person acts for, and yield their standing as it is then."""
    with transaction.atomic():
        lock_subjects([standing_of(by).enterprise.pk, by.pk])
        standing = standing_of(by)
        standing.require(needed)
        yield standing


def _keep_an_owner(membership: Membership) -> None:
    """Raise `LastOwner` where the member is the only owner among the members."""
    others = owners_of(membership.enterprise_id).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and not others.exists():
        raise LastOwner("The last owner stays.")


def _end(membership: Membership) -> None:
    _withdraw_all_by(membership)
    membership.invited_at_address = None
    membership.ended_at, membership.offered_at, membership.offered_by = database_now(), None, None
    membership.save(update_fields=["invited_at_address", "ended_at", "offered_at", "offered_by"])
    tell_change(membership, Change.ENDED)
    note_end(membership)


def _set_role(membership: Membership, role: Role) -> None:
    if role != Role.OWNER:
        _withdraw_all_by(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _clear_offer(membership)
    tell_change(membership, Change.ROLE)


def _clear_offer(membership: Membership) -> None:
    membership.offered_at = membership.offered_by = None
    membership.save(update_fields=["offered_at", "offered_by"])


def _withdraw_all_by(membership: Membership) -> None:
    """Withdraw what a former owner invited."""
    for invitation in open_invitations(membership.enterprise_id).filter(invited_by=membership.pk):
        _close(invitation, "revoked_at")


def _close(invitation: Invitation, column: str) -> None:
    setattr(invitation, column, database_now())
    invitation.address = invitation.address_index = None
    invitation.save(update_fields=[column, "address", "address_index"])
