"""Rows of every record with a period, and a way to make them older."""

from datetime import timedelta
from secrets import token_bytes

from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.profiles.models import Correction
from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import record_event
from accounts.sessions.models import KnownDevice
from accounts.users.models import User
from privacy.announcements.models import Announcement, PostponedMessage
from privacy.export.models import DataCopy
from privacy.notices.models import Notice
from privacy.notices.services import deliver_notice, send_notice
from privacy.policies.models import PolicyVersion

DAY = timedelta(days=1)


def aged(row: models.Model, by: timedelta) -> models.Model:
    """Move a row into the past, by the column that its age counts from."""
    column = row.inventory.ages_from
    type(row)._default_manager.filter(pk=row.pk).update(**{column: F(column) - by})
    return row


def event(user: User) -> SecurityEvent:
    return record_event(user.subject_id, SecurityEvent.Kind.SIGNED_IN)


def known_device(user: User) -> KnownDevice:
    now = timezone.now()
    return KnownDevice.objects.create(
        subject_id=user.subject_id, hash=token_bytes(32), device="Firefox on Linux", created_at=now, last_used_at=now
    )


def correction(user: User) -> Correction:
    return Correction.objects.create(subject_id=user.subject_id, field="name", by="self")


def copy(user: User) -> DataCopy:
    return DataCopy.objects.create(subject_id=user.subject_id, language="en", state="forgotten")


def queued_notice(user: User) -> Notice:
    return send_notice(
        subject=user.subject, channel="sms", address="+4915112345678", template="copy_ready", language="en", context={}
    )


def sent_notice(user: User) -> Notice:
    notice = queued_notice(user)
    assert deliver_notice(notice.pk)
    return notice


def failed_notice(user: User) -> Notice:
    notice = queued_notice(user)
    Notice.objects.filter(pk=notice.pk).update(attempts=10)
    assert not deliver_notice(notice.pk)
    return notice


def postponed_message(user: User) -> PostponedMessage:
    now = timezone.now()
    version = PolicyVersion.objects.filter(jurisdiction=user.subject.jurisdiction).first()
    announcement = Announcement.objects.create(
        version=version, kind="reminder", started_at=now, last_batch_at=now, finished_at=now, people=1
    )
    return PostponedMessage.objects.create(
        announcement=announcement, subject_id=user.subject_id, is_late=False, look_at=now, until=now
    )


MAKERS = {
    SecurityEvent: event,
    KnownDevice: known_device,
    Correction: correction,
    DataCopy: copy,
    Notice: sent_notice,
    PostponedMessage: postponed_message,
}
