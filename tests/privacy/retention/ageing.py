"""Rows of every record with a period, and a way to make them older."""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_bytes
from uuid import uuid4

from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.enterprises.models import Membership
from accounts.profiles.models import Correction
from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import record_event
from accounts.sessions.models import KnownDevice
from accounts.users.models import User
from privacy.announcements.models import Announcement, PostponedMessage
from privacy.encryption.keys import create_keys
from privacy.export.models import DataCopy
from privacy.notices.models import Notice
from privacy.notices.services import deliver_notice, send_notice
from privacy.policies.models import PolicyVersion
from privacy.rights.choices import Channel, Contact, Right
from privacy.rights.models.codes import ProofCode, StopLink
from privacy.rights.models.documents import DOCUMENT_CLASS, RequestDocument
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from privacy.rights.services import Asked, Asker, file_request
from tests.factories import make_subject

DAY = timedelta(days=1)
PARTS = (RequestItem, RequestMessage, Extension, ProofCode, StopLink, RequestDocument)
ASKER = Asker("DE", "en", Contact.EMAIL, "maria@example.com")


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


def ended_membership(user: User) -> Membership:
    return Membership.objects.create(
        subject=user.subject, enterprise=make_subject(), role="member", ended_at=timezone.now()
    )


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


def closed_request(user: User) -> RightsRequest:
    """A request that was closed, with everything that may belong to one."""
    filed = file_request(items=[Asked(Right.ACCESS)], asker=ASKER, channel=Channel.PAGE, subject=user.subject).request
    now = timezone.now()
    said = {"request": filed, "text": "We look it up.", "closed_at": now}
    RequestMessage.objects.create(kind="note", language="en", written_by=uuid4(), role="Support", at=now, **said)
    Extension.objects.create(
        reason="complex", due_at=filed.due_at, decided_by=uuid4(), decided_role="Support", decided_at=now, **said
    )
    picture = RequestDocument(request=filed, kind="image/png", content="aGVsbG8=", uploaded_at=now)
    create_keys(picture.pk, [DOCUMENT_CLASS])
    picture.save(force_insert=True)
    StopLink.objects.create(request=filed, secret_hash=token_bytes(32), closed_at=now)
    RequestItem.objects.filter(request=filed).update(closed_at=now)
    ProofCode.objects.create(request=filed, code_hash=token_bytes(32), expires_at=now, closed_at=now)
    filed.closed_at = now
    filed.save(update_fields=["closed_at"])
    return filed


def bare_request(user: User) -> RightsRequest:
    """A closed request whose parts were deleted before: the purge takes them first."""
    filed = closed_request(user)
    for model in PARTS:
        model._default_manager.filter(request=filed).delete()
    return filed


def of_a_closed_request(model: type[models.Model]) -> Callable[[User], models.Model]:
    return lambda user: model._default_manager.get(request=closed_request(user))


MAKERS = {
    SecurityEvent: event,
    KnownDevice: known_device,
    Correction: correction,
    DataCopy: copy,
    Notice: sent_notice,
    PostponedMessage: postponed_message,
    Membership: ended_membership,
    RightsRequest: bare_request,
    **{model: of_a_closed_request(model) for model in PARTS},
}
