"""Undo a change and all later ones by the link in a notice, and lock the account."""

import json
from collections.abc import Sequence
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.contact_points.models import Code, ContactPoint
from accounts.contact_points.services import add_contact_point, is_taken, verified_contacts
from accounts.security_events.models import SecurityChange, SecurityEvent
from accounts.security_events.notices import changes_to_undo, hash_of, notify_undone
from accounts.security_events.services import record_event
from accounts.sessions.services import end_sessions
from accounts.sign_in.changes import contact_replaced
from accounts.users.models import User
from accounts.users.services import claim_username
from privacy.evidence.clock import database_now
from privacy.subjects.models import DataSubject


class UndoEnded(Exception):
    """This link was used, has expired, or never existed."""


def changes_of_link(secret: str, *, and_earlier: bool = False) -> Sequence[SecurityChange]:
    """Return the changes that the link with this secret undoes, newest first: its change and later ones.

    With `and_earlier`, also the changes before it that can still be undone. Raises `UndoEnded`.
    """
    change = SecurityChange.objects.filter(hash=hash_of(secret)).first()
    if change is None:
        raise UndoEnded("No change has this link.")
    waiting = list(changes_to_undo(change.subject_id).order_by("-at"))
    if change not in waiting:
        raise UndoEnded("This change was undone, or its time is over.")
    return waiting if and_earlier else [one for one in waiting if one.at >= change.at]


def undo_changes(secret: str, *, and_earlier: bool = False) -> UUID:
    """Undo a change and all later ones, lock the account, and notify each contact point; return the subject's id.

    With `and_earlier`, undo earlier changes, too: an intruder may have added access before.

    Added values (a contact point, a username, an app, a passkey, recovery codes) are removed. Replaced values are
    restored, unless another account has them by now. Every session ends, and the password no longer works until
    account recovery sets a new one. Raises `UndoEnded`.
    """
    subject_id = changes_of_link(secret)[0].subject_id
    with transaction.atomic():
        # The lock on the person's row serialises undoing and verifying a contact point.
        subject = DataSubject.objects.select_for_update(no_key=True).get(pk=subject_id)
        changes = changes_of_link(secret, and_earlier=and_earlier)
        user = User.objects.get(subject_id=subject_id)
        before = {str(contact.value): contact for contact in verified_contacts(subject_id)}
        for change in changes:
            _undo(user, change)
        SecurityChange.objects.filter(pk__in=[change.pk for change in changes]).update(undone_at=database_now())
        lock_account(user)
        record_event(subject_id, SecurityEvent.Kind.CHANGE_UNDONE)
        for field in {change.field for change in changes if change.field}:
            contact_replaced.send(ContactPoint, subject_id=subject_id, field=field)
        used = {str(contact.value) for contact in verified_contacts(subject_id)}
        notify_undone(subject=subject, removed=[before[value] for value in before.keys() - used])
    return subject_id


def undo_and_sign_out(request: HttpRequest, secret: str, *, and_earlier: bool = False) -> None:
    """Undo changes, and drop the session of the request where it is that person's: its row is deleted.

    Raises `UndoEnded`.
    """
    subject_id = undo_changes(secret, and_earlier=and_earlier)
    if request.user.is_authenticated and request.user.subject_id == subject_id:
        logout(request)


def lock_account(user: User) -> None:
    """Refuse every sign-in until account recovery sets a new password; delete waiting codes and contact points."""
    user.make_password_void()
    user.locked_at = timezone.now()
    user.save(update_fields=["password", "locked_at"])
    end_sessions([user.subject_id])
    Code.objects.filter(subject_id=user.subject_id).delete()
    ContactPoint.objects.filter(subject_id=user.subject_id, verified_at__isnull=True).delete()


def _undo(user: User, change: SecurityChange) -> None:
    if change.field:
        _restore_contact(user, change)
    if change.former_username:
        claim_username(user, change.former_username)
    if change.new_factor:
        Authenticator.objects.filter(pk=change.new_factor, user_id=user.pk).delete()
    if change.former_factor:
        _restore_factor(user, json.loads(change.former_factor))
    _remove_recovery_codes(user, made_new=change.kind == SecurityEvent.Kind.RECOVERY_CODES_MADE)


def _restore_contact(user: User, change: SecurityChange) -> None:
    verified_contacts(user.subject_id).filter(field=change.field).delete()
    if not change.former_contact:
        return
    subject = DataSubject.objects.get(pk=user.subject_id)
    restored = add_contact_point(subject=subject, field=change.field, value=change.former_contact)
    if is_taken(restored):
        return
    restored.verified_at = timezone.now()
    try:
        with transaction.atomic():
            restored.save(update_fields=["verified_at"])
    except IntegrityError:  # another account verified it at the same time
        return


def _restore_factor(user: User, former: dict[str, object]) -> None:
    factors = Authenticator.objects.filter(user_id=user.pk)
    if former["type"] != Authenticator.Type.TOTP or not factors.filter(type=Authenticator.Type.TOTP).exists():
        Authenticator.objects.create(user=user, type=former["type"], data=former["data"])


def _remove_recovery_codes(user: User, *, made_new: bool) -> None:
    """Remove codes that the undone change made, and codes without an app or a passkey."""
    factors = Authenticator.objects.filter(user_id=user.pk)
    if made_new or not factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        factors.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
