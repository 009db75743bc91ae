"""Staff accounts: new temporary passwords, vouches, and changes by two administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.contact_points.models import Code
from accounts.contact_points.services import verified_contacts
from accounts.second_factors.services import has_second_factor
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import notify_change
from accounts.security_events.services import record_event
from accounts.sessions.services import end_sessions
from accounts.sign_in.staff_resets import reset_factors
from accounts.staff.models import StaffProposal, StaffVouch
from accounts.tries.failures import forget_failures
from accounts.users.models import User
from accounts.users.services import temporary_password_end, user_of_name
from privacy.access.queries import ADMINISTRATOR
from privacy.access.two_people import NotTwoPeople, check_two_people
from privacy.evidence.clock import database_now
from privacy.evidence.staff_names import named, names_of_staff
from privacy.subjects.locking import lock_subjects


class StaffChangeRefused(Exception):
    """A staff account cannot be changed so, or not by this administrator; the message says why."""


class LastAdministrator(StaffChangeRefused):
    """This is the last account that can administer the portal."""


class NoStaffAccount(LookupError):
    """No member of staff has this username."""


@dataclass(frozen=True)
class StaffAccount:
    """A staff account as shown to administrators."""

    user: User
    roles: Sequence[str]
    state: str
    identity: str


def renew_temporary_password(*, username: str, password: str) -> User:
    """Give a member of staff a new temporary password, unlock the account, and notify them.

    Ends their sessions and resets failures. Raises `NoStaffAccount`.
    """
    user = user_of_name(username)
    if user is None or not user.is_staff:
        raise NoStaffAccount(f"No member of staff is called {username}.")
    with transaction.atomic():
        lock_subjects([user.subject_id])
        user.set_password(password)
        user.locked_at, user.temporary_password_until = None, temporary_password_end()
        user.save(update_fields=["password", "locked_at", "temporary_password_until"])
        _end_access(user)
        forget_failures(user.subject_id)
        record_event(user.subject_id, SecurityEvent.Kind.PASSWORD_CHANGED)
        notify_change(subject=user.subject, kind=SecurityEvent.Kind.PASSWORD_CHANGED)
    return user


def staff_accounts() -> list[StaffAccount]:
    """Return every staff account, oldest first."""
    members = User.objects.filter(is_staff=True).order_by("created_at").prefetch_related("groups")
    return [StaffAccount(user, roles_of(user), _state_of(user), _identity_of(user)) for user in members]


def roles_of(user: User) -> list[str]:
    """Return the roles of a member of staff, `Administrator` first."""
    return [ADMINISTRATOR] * user.is_superuser + sorted(group.name for group in user.groups.all())


def member_of(pk: UUID) -> User | None:
    """Return a member of staff by id, or None."""
    return User.objects.filter(pk=pk, is_staff=True).first()


def open_proposals() -> list[StaffProposal]:
    """Return open proposals, oldest first."""
    waiting = StaffProposal.objects.filter(confirmed_at=None).select_related("member")
    return named(waiting.order_by("proposed_at"), "proposed_by")


def vouch_for(*, member: User, by: User | None) -> None:
    """Record that an administrator, or with None an operator at the command line, knows the owner of an account.

    Raises `StaffChangeRefused` for one's own account, and for an administrator without an identity.
    """
    if by is not None:
        _check_administrator(by)
        if by.pk == member.pk:
            raise StaffChangeRefused(_("You cannot vouch for yourself."))
        if not verified_contacts(by.subject_id).exists():
            raise StaffChangeRefused(_("Verify a phone number or e-mail address of your own account first."))
    StaffVouch.objects.update_or_create(
        member=member, defaults={"vouched_by": by.pk if by else None, "at": database_now()}
    )


def propose_staff_change(*, member: User, act: str, role: str = "", by: User) -> StaffProposal:
    """Ask a second administrator to deactivate an account, remove a role, end its sessions or remove second factors.

    `role` is the name of a group, or `Administrator`. Raises `StaffChangeRefused`, `LastAdministrator`.
    """
    _check_administrator(by)
    if act not in StaffProposal.Act.values or not member.is_staff:
        raise StaffChangeRefused(_("Unknown action."))
    role = role if act == StaffProposal.Act.REMOVE_ROLE else ""
    if act == StaffProposal.Act.REMOVE_ROLE and role not in roles_of(member):
        raise StaffChangeRefused(_("This account does not have this role."))
    if act == StaffProposal.Act.END_FACTORS:
        _refuse_own_factors(member, by)
        if not has_second_factor(member):
            raise StaffChangeRefused(_("This account does not use two-step verification."))
    _refuse_last_administrator(member, act, role)
    try:
        with transaction.atomic():
            return StaffProposal.objects.create(member=member, act=act, role=role, proposed_by=by.pk)
    except IntegrityError:
        raise StaffChangeRefused(_("This is already proposed.")) from None


def confirm_staff_change(*, proposal: StaffProposal, by: User) -> None:
    """Carry out what another person proposed who is still an administrator. Raises `StaffChangeRefused`.

    Both are read again under a lock: two parallel confirmations must not remove the last two administrators.
    """
    with transaction.atomic():
        # The subject's row before the user's: the order of locks everywhere.
        subjects = [*_administrators().values_list("subject_id", flat=True), proposal.member.subject_id]
        lock_subjects(sorted(set(subjects)))
        administrators = {user.pk: user for user in _administrators().select_for_update().order_by("pk")}
        waiting = StaffProposal.objects.select_for_update().filter(pk=proposal.pk, confirmed_at=None).first()
        if waiting is None:
            raise StaffChangeRefused(_("This proposal was carried out or withdrawn."))
        if not {by.pk, waiting.proposed_by} <= administrators.keys():
            raise StaffChangeRefused(_("Only administrators can change staff accounts."))
        try:
            check_two_people(first=waiting.proposed_by, second=by.pk)
        except NotTwoPeople as refused:
            raise StaffChangeRefused(str(refused)) from None
        member = User.objects.get(pk=waiting.member_id)
        if waiting.act == StaffProposal.Act.END_FACTORS:
            _refuse_own_factors(member, by)
        _carry_out(member, waiting)
        waiting.confirmed_by, waiting.confirmed_at = by.pk, database_now()
        waiting.save(update_fields=["confirmed_by", "confirmed_at"])


def withdraw_staff_change(*, proposal: StaffProposal, by: User) -> None:
    """Withdraw an open proposal."""
    _check_administrator(by)
    StaffProposal.objects.filter(pk=proposal.pk, confirmed_at=None).delete()


def _administrators() -> QuerySet[User]:
    """Return the administrators who can sign in."""
    can_sign_in = Q(temporary_password_until=None) | Q(temporary_password_until__gt=timezone.now())
    return User.objects.filter(can_sign_in, is_superuser=True, is_staff=True, is_active=True, locked_at=None)


def _check_administrator(user: User) -> None:
    if not _administrators().filter(pk=user.pk).exists():
        raise StaffChangeRefused(_("Only administrators can change staff accounts."))


def _refuse_own_factors(member: User, by: User) -> None:
    if member.pk == by.pk:
        raise StaffChangeRefused(_("Two other administrators must do this for your own account."))


def _refuse_last_administrator(member: User, act: str, role: str) -> None:
    takes_it = act == StaffProposal.Act.DEACTIVATE or (act == StaffProposal.Act.REMOVE_ROLE and role == ADMINISTRATOR)
    if takes_it and member.is_superuser and not _administrators().exclude(pk=member.pk).exists():
        raise LastAdministrator(_("This is the last administrator. Make another one first."))


def _carry_out(member: User, proposal: StaffProposal) -> None:
    if proposal.act == StaffProposal.Act.REMOVE_ROLE and proposal.role == ADMINISTRATOR:
        User.objects.filter(pk=member.pk).update(is_superuser=False)
    elif proposal.act == StaffProposal.Act.REMOVE_ROLE:
        member.groups.remove(*member.groups.filter(name=proposal.role))
    elif proposal.act == StaffProposal.Act.DEACTIVATE:
        # Remove all permissions, too: its owner could undo a cancellation.
        User.objects.filter(pk=member.pk).update(is_active=False, is_superuser=False)
        member.groups.clear()
        member.user_permissions.clear()
    elif proposal.act == StaffProposal.Act.END_FACTORS:
        reset_factors(user=member)
    if proposal.act != StaffProposal.Act.REMOVE_ROLE:
        _end_access(member)


def _end_access(member: User) -> None:
    end_sessions([member.subject_id])
    Code.objects.filter(subject_id=member.subject_id).delete()


def _state_of(user: User) -> str:
    if not user.is_active:
        return _("closed")
    if user.refusal:
        return _("locked") if user.locked_at else _("temporary password expired")
    return _("temporary password not changed yet") if user.temporary_password_until else _("in use")


def _identity_of(user: User) -> str:
    if verified_contacts(user.subject_id).exists():
        return _("verified contact point")
    vouch = StaffVouch.objects.filter(member=user).first()
    if vouch is None:
        return _("not known")
    # No id: it was recorded at the command line.
    by = (
        names_of_staff([vouch.vouched_by]).get(vouch.vouched_by)
        if vouch.vouched_by
        else _("the machine's administrator")
    )
    return _("%(who)s vouched") % {"who": by}
