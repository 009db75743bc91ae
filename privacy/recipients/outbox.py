"""Enqueue messages to recipients, in the transaction of the event that they report."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from privacy.database.waking import wake
from privacy.evidence.clock import database_now
from privacy.inventory.queries import personal_field
from privacy.recipients.cached import cached_recipients
from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.queries import classes_notified, recipients_to_notify

WAKE = "privacy.recipients.tasks.send_delivery"
# More than these wait for the sweep: a batch of erasures would flood the broker.
MOST_TO_WAKE = 20
ANSWER_WITHIN = dt.timedelta(days=1)
TRY_FOR = dt.timedelta(days=5)


class ErasedPerson(NamedTuple):
    """A person whose data is erased now: their case, the deadline, and the classes that a legal hold keeps."""

    subject: UUID
    case: UUID
    deadline_at: dt.datetime
    kept: Collection[str]


def enqueue_suspended(*, subject: UUID, case: UUID, at: dt.datetime) -> None:
    """Notify every recipient to stop using a person's data (clause 4.2 of the sample policy)."""
    _queue(_whole(recipient, Delivery.Event.SUSPENDED, subject, case, at) for recipient in recipients_to_notify())


def enqueue_resumed(*, subject: UUID, case: UUID, at: dt.datetime) -> None:
    """Notify every recipient to use a person's data again; undelivered earlier messages are never sent."""
    recipients = list(recipients_to_notify())
    if recipients:
        waiting = Delivery.objects.filter(
            case=case, event=Delivery.Event.SUSPENDED, state__in=(Delivery.State.QUEUED, Delivery.State.FAILED)
        )
        waiting.update(state=Delivery.State.SUPERSEDED)
    _queue(_whole(recipient, Delivery.Event.RESUMED, subject, case, at) for recipient in recipients)


def enqueue_erased(*, persons: Sequence[ErasedPerson], at: dt.datetime) -> None:
    """Notify every recipient to erase what no legal hold keeps, without the classes of earlier messages of a case.

    May be called again for a case: when a hold ends, the rest follows. A constant number of statements.
    """
    recipients = list(recipients_to_notify())
    if not recipients:
        return
    notified = classes_notified([person.case for person in persons])
    _queue(
        _delivery(recipient, Delivery.Event.ERASED, person.subject, classes, at, person.deadline_at, case=person.case)
        for recipient in recipients
        for person in persons
        if (classes := set(recipient.classes) - set(person.kept) - notified[person.case, recipient.pk])
    )


def enqueue_corrected(*, subject: UUID, fields: Collection[str]) -> None:
    """Notify the recipients that hold a corrected field's class which fields changed, never the new values."""
    recipients = cached_recipients() if fields else ()
    if not recipients:
        return
    classes = {key: personal_field(key).retention_class.value for key in fields}
    at = database_now()
    _queue(
        _delivery(
            recipient, Delivery.Event.CORRECTED, subject, {classes[key] for key in held}, at, at + ANSWER_WITHIN, held
        )
        for recipient in recipients
        if (held := [key for key in fields if classes[key] in recipient.classes])
    )


def release_waiting(*, subject: UUID) -> None:
    """Let the corrections be sent that waited while a person's data was only stored; their time begins now."""
    at = database_now()
    waiting = Delivery.objects.filter(subject=subject, event=Delivery.Event.CORRECTED, state=Delivery.State.QUEUED)
    waiting.update(due_at=at, deadline_at=at + ANSWER_WITHIN, give_up_at=at + TRY_FOR)


def _whole(recipient: Recipient, event: str, subject: UUID, case: UUID, at: dt.datetime) -> Delivery:
    return _delivery(recipient, event, subject, recipient.classes, at, at + ANSWER_WITHIN, case=case)


def _delivery(
    recipient: Recipient,
    event: str,
    subject: UUID,
    classes: Iterable[str],
    at: dt.datetime,
    deadline_at: dt.datetime,
    fields: Sequence[str] = (),
    case: UUID | None = None,
) -> Delivery:
    is_gone = recipient.state == Recipient.State.GONE
    return Delivery(
        recipient_id=recipient.pk,
        subject_id=subject,
        event=event,
        classes=sorted(classes),
        fields=list(fields),
        case=case,
        occurred_at=at,
        deadline_at=deadline_at,
        give_up_at=at + TRY_FOR,
        # Not skipped silently: a message to a recipient that is gone shows as failed.
        state=Delivery.State.FAILED if is_gone else Delivery.State.QUEUED,
        last_error="HTTP 410" if is_gone else "",
    )


def _queue(deliveries: Iterable[Delivery]) -> None:
    rows = list(deliveries)
    Delivery.objects.bulk_create(rows)
    if len(rows) <= MOST_TO_WAKE:
        for row in rows:
            transaction.on_commit(partial(wake, WAKE, row.pk))
