"""Reports of gateways that a message they took was not delivered after all."""

import datetime as dt

from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.encryption.fields import blind_index
from privacy.notices.models import SMS_CONTEXT, Notice

# What `Notice.last_error` says of such a message.
NOT_DELIVERED = "NotDelivered"
# A gateway tries an SMS for at most three days; a number may belong to somebody else later.
SMS_REPORTED_WITHIN = dt.timedelta(days=3)


def note_email_not_delivered(number: str) -> bool:
    """Note that the e-mail whose `Message-ID` holds this number (hexadecimal) came back; return whether it was sent."""
    return _note(_sent(Notice.Channel.EMAIL).filter(pk=number))


def note_sms_not_delivered(phone: str) -> bool:
    """Note that the last SMS to a number (E.164) was not delivered; return whether one was sent within three days.

    Gateways report a number, and not which message it was.
    """
    recent = _sent(Notice.Channel.SMS).filter(
        address_index=blind_index(phone, SMS_CONTEXT), ended_at__gte=Now() - SMS_REPORTED_WITHIN
    )
    last = recent.order_by("-ended_at").values("pk")[:1]
    return _note(Notice.objects.filter(pk__in=list(last.values_list("pk", flat=True)), state=Notice.State.SENT))


def _sent(channel: str) -> QuerySet[Notice]:
    return Notice.objects.filter(channel=channel, state=Notice.State.SENT)


def _note(notices: QuerySet[Notice]) -> bool:
    return bool(notices.update(state=Notice.State.FAILED, last_error=NOT_DELIVERED))
