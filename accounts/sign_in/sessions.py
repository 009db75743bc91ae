"""End sessions, change a password: what makes an open door shut."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.sign_in.epochs import begin_new_epoch, hold_epoch
from accounts.sign_in.models import Code, SecurityEvent, Session
from accounts.sign_in.security_events import record_event
from accounts.users.models import User
from privacy.notices.addresses import addresses_of
from privacy.notices.services import send_notice
from privacy.register.holders import Holder, register_holder
from privacy.register.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject


class SignInHolder(Holder):
    """The doors of a person: the right to sign in, sessions, codes."""

    name = "accounts.sign_in"
    label = _("sessions and codes")
    retention = RetentionClass.SIGN_IN

    def suspend(self, subjects: Collection[UUID]) -> None:
        """Shut every door at once (4.2)."""
        User.objects.filter(subject_id__in=subjects).update(is_active=False)
        end_sessions(subjects)
        Code.objects.filter(subject_id__in=subjects).delete()

    def resume(self, subjects: Collection[UUID]) -> None:
        """Let the person sign in again."""
        User.objects.filter(subject_id__in=subjects).update(is_active=True)


def end_sessions(subjects: Collection[UUID], *, but: str | None = None) -> int:
    """End every session of these persons, except the one whose key is `but`, and what they proved and did not use yet.

    Return how many ended.
    """
    sessions = Session.objects.filter(subject_id__in=subjects)
    with transaction.atomic():
        begin_new_epoch(subjects)
        return (sessions.exclude(session_key=but) if but else sessions).delete()[0]


def change_password(*, user: User, password: str, request: HttpRequest | None = None) -> None:
    """Set a new password, end every other session, and tell the person at each verified contact point.

    With `request`, its own session stays signed in; without, the person recovered access. Raises `BeginAgain` where the
    account changed since `user` was read.
    """
    subject = DataSubject.objects.get(pk=user.subject_id)
    user.set_password(password)
    with transaction.atomic():
        hold_epoch(subject_id=subject.pk, epoch=user.epoch)
        user.save(update_fields=["password"])
        if request is not None:
            update_session_auth_hash(request, user)
        end_sessions([subject.pk], but=request.session.session_key if request else None)
        Code.objects.filter(subject=subject, use=Code.Use.RECOVER).delete()
        kind = SecurityEvent.Kind.PASSWORD_CHANGED if request else SecurityEvent.Kind.RECOVERED
        record_event(subject.pk, kind)
        tell(subject, "password_changed", {"at": timezone.now().isoformat(timespec="minutes")})


def tell(subject: DataSubject, template: str, context: dict[str, str]) -> None:
    """Send a notice to every verified contact point of a person."""
    for address in addresses_of(subject):
        send_notice(
            subject=subject,
            channel=address.channel,
            address=address.value,
            template=template,
            language=get_language() or "en",
            context=context,
        )


register_holder(SignInHolder())
