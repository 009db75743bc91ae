"""End sessions and change passwords."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.models import Code
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import notify_change
from accounts.security_events.services import record_event
from accounts.sessions.models import KnownDevice, Session
from accounts.sessions.store import session_of
from accounts.tries.failures import forget_failures
from accounts.users.epochs import begin_new_epoch, hold_epoch
from accounts.users.models import User
from privacy.inventory.data_stores import DataStore
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

# The key of the known device in a session.
KNOWN_DEVICE_KEY = "known_device"


class SignInStore(DataStore):
    """The data store of sign-in: permission, sessions, codes."""

    name = "accounts.sign_in"
    label = _("sessions and codes")
    retention = RetentionClass.SIGN_IN

    def suspend(self, subjects: Collection[UUID]) -> None:
        """Forbid signing in, and end every session and code (clause 4.2 of the sample policy)."""
        User.objects.filter(subject_id__in=subjects).update(is_active=False)
        end_sessions(subjects)
        Code.objects.filter(subject_id__in=subjects).delete()

    def resume(self, subjects: Collection[UUID]) -> None:
        """Let the person sign in again."""
        User.objects.filter(subject_id__in=subjects).update(is_active=True)


def end_sessions(subjects: Collection[UUID], *, but: str | None = None) -> int:
    """End every session of these persons, except the one whose `row_key` is `but`, and begin a new epoch.

    Where all end, the known devices are removed, too. Return how many ended.
    """
    sessions = Session.objects.filter(subject_id__in=subjects)
    with transaction.atomic():
        lock_subjects(subjects)
        begin_new_epoch(subjects)
        if but is None:
            forget_devices(subjects)
        return (sessions.exclude(session_key=but) if but else sessions).delete()[0]


def forget_devices(subjects: Collection[UUID], *, but: str | None = None) -> int:
    """Forget the known devices of these persons, except the one whose number is `but`; return how many."""
    devices = KnownDevice.objects.filter(subject_id__in=subjects)
    return (devices.exclude(pk=but) if but else devices).delete()[0]


def change_password(*, user: User, password: str, request: HttpRequest | None = None) -> None:
    """Set a new password, end every other session, and notify the person at each verified contact point.

    With `request`, its session stays signed in. Without, the person recovered access, and a lock ends.
    Raises `BeginAgain` where the account changed, or was locked, since `user` was read.
    """
    subject = DataSubject.objects.get(pk=user.subject_id)
    user.set_password(password)
    with transaction.atomic():
        hold_epoch(subject_id=subject.pk, epoch=user.epoch)
        user.locked_at = user.temporary_password_until = None
        user.save(update_fields=["password", "locked_at", "temporary_password_until"])
        if request is not None:
            update_session_auth_hash(request, user)
        end_sessions([subject.pk], but=session_of(request).row_key if request else None)
        forget_devices([subject.pk], but=request.session.get(KNOWN_DEVICE_KEY) if request else None)
        forget_failures(subject.pk, "password" if request else "")
        Code.objects.filter(subject=subject, use=Code.Use.RECOVER).delete()
        kind = SecurityEvent.Kind.PASSWORD_CHANGED if request else SecurityEvent.Kind.RECOVERED
        record_event(subject.pk, kind)
        notify_change(subject=subject, kind=kind)
