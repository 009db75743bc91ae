"""Messages to recipients: a small body without values of the person, and the headers that sign it."""

import datetime as dt
import json
from collections.abc import Mapping

from standardwebhooks import Webhook

from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.queries import ORDERED_EVENTS, earlier_of_its_kind
from privacy.recipients.references import reference_for
from privacy.recipients.signing_secrets import open_signing_secret


def body_of(delivery: Delivery) -> str:
    """Return the JSON of a delivery, the same on every attempt."""
    data: dict[str, object] = {
        "reference": reference_for(delivery.recipient_id, delivery.subject_id),
        "classes": delivery.classes,
        "deadline": _time(delivery.deadline_at),
    }
    if delivery.event == Delivery.Event.CORRECTED:
        data["fields"] = delivery.fields
    if delivery.event in ORDERED_EVENTS:
        data["sequence"] = earlier_of_its_kind(delivery).count()
    message = {"type": delivery.event, "timestamp": _time(delivery.occurred_at), "data": data}
    return json.dumps(message, separators=(",", ":"))


def headers_of(delivery: Delivery, body: str, now: dt.datetime) -> Mapping[str, str]:
    """Return the headers of one attempt, signed with the recipient's secret and any previous one still valid."""
    number, now = str(delivery.pk), now.astimezone(dt.UTC)  # the library reads a time as UTC
    signatures = [Webhook(secret).sign(number, now, body) for secret in _secrets(delivery.recipient, now)]
    return {
        "content-type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _secrets(recipient: Recipient, now: dt.datetime) -> list[str]:
    sealed = [bytes(recipient.secret)]
    if recipient.previous_secret and recipient.previous_until and recipient.previous_until > now:
        sealed.append(bytes(recipient.previous_secret))
    return [open_signing_secret(one, recipient.pk) for one in sealed]


def _time(at: dt.datetime) -> str:
    # Seconds: a finer time would be the same number at two recipients, and link what the references keep apart. Within
    # one second, `sequence` gives the order.
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
