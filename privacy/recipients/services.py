"""Register a recipient, change its secret, send its messages until it acknowledges them."""

import datetime as dt
import logging
import time
from collections.abc import Collection
from itertools import takewhile
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.evidence.clock import database_now
from privacy.inventory.retention_classes import HOLDABLE_CLASSES
from privacy.recipients.cached import forget_recipients
from privacy.recipients.hosts import checked_url
from privacy.recipients.messages import body_of, headers_of
from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.outbox import TRY_FOR
from privacy.recipients.queries import due_deliveries
from privacy.recipients.sending import post
from privacy.recipients.signing_secrets import new_signing_secret, seal_secret

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=6)
# A delivery is not given up before this many attempts, however long the portal itself was down.
FEWEST_ATTEMPTS = 5
PREVIOUS_SECRET_FOR = dt.timedelta(days=1)
BATCH = 500
# A recipient that answers slowly keeps a worker from other tasks for this long at most.
SWEEP_SECONDS = 30
GONE, TOO_MANY_REQUESTS, SERVER_ERROR = 410, 429, 500


class UnknownClass(Exception):
    """A recipient holds only declared data: one or more of the classes that may be held."""


def register_recipient(*, name: str, url: str, classes: Collection[str]) -> tuple[Recipient, str]:
    """Register a recipient; return it and its secret, which is never shown again.

    `classes` are the retention classes that it holds. Raises `HostRefused`, `UnknownClass`.
    """
    recipient, secret = Recipient(), new_signing_secret()
    recipient.secret = seal_secret(secret, recipient.pk)
    change_recipient(recipient=recipient, name=name, url=url, classes=classes)
    return recipient, secret


def change_recipient(*, recipient: Recipient, name: str, url: str, classes: Collection[str]) -> None:
    """Store a recipient's name, its address and its classes. Raises as `register_recipient` does."""
    checked_url(url)
    if not classes or not set(classes) <= set(HOLDABLE_CLASSES):
        raise UnknownClass(f"Name one or more of these classes: {', '.join(HOLDABLE_CLASSES)}.")
    recipient.name, recipient.url, recipient.classes = name, url, sorted({str(one) for one in classes})
    # Only these: meanwhile it may have been given another secret, or have answered 410.
    recipient.save(update_fields=None if recipient._state.adding else ["name", "url", "classes"])


def rotate_secret(*, recipient: Recipient) -> str:
    """Give a recipient a new secret and return it; for a day, messages are signed with the old one, too."""
    secret = new_signing_secret()
    with transaction.atomic():
        held = Recipient.objects.select_for_update().get(pk=recipient.pk)
        held.previous_secret, held.previous_until = held.secret, database_now() + PREVIOUS_SECRET_FOR
        held.secret = seal_secret(secret, held.pk)
        held.save(update_fields=["secret", "previous_secret", "previous_until"])
    return secret


def set_recipient_state(*, recipient: Recipient, state: str) -> None:
    """Stop notifying a recipient that holds no data any more, or start again; queued messages are sent either way."""
    recipient.state = Recipient.State(state)
    recipient.save(update_fields=["state"])


def send_to_recipient(delivery_id: UUID) -> bool:
    """Send a delivery that is due; return whether it was acknowledged now. May be called at any time."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return False
    try:
        body = body_of(delivery)
        status = post(delivery.recipient.url, body, headers_of(delivery, body, database_now()))
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - the next attempt may succeed; only its name is kept
        return _postpone(delivery, type(error).__name__, is_down=True)
    if status == GONE:
        return _note_gone(delivery)
    if status // 100 != 2:  # noqa: PLR2004 - 2xx is what acknowledges
        return _postpone(delivery, f"HTTP {status}", is_down=status >= SERVER_ERROR or status == TOO_MANY_REQUESTS)
    _acknowledge(delivery)
    return True


def send_due_deliveries(*, batch: int = BATCH) -> int:
    """Send what is due, oldest first, for half a minute; return how many were acknowledged. Later sweeps continue."""
    begun = time.monotonic()
    due = due_deliveries().values_list("pk", flat=True)[:batch]
    return sum(send_to_recipient(pk) for pk in takewhile(lambda _pk: time.monotonic() - begun < SWEEP_SECONDS, due))


def try_again(*, deliveries: QuerySet[Delivery]) -> int:
    """Queue failed deliveries again; return how many. Nothing is sent to a recipient that is gone."""
    failed = deliveries.filter(state=Delivery.State.FAILED).exclude(recipient__state=Recipient.State.GONE)
    return failed.update(
        state=Delivery.State.QUEUED, due_at=Now(), attempts=0, give_up_at=Now() + TRY_FOR, last_error=""
    )


def settle_delivery(*, deliveries: QuerySet[Delivery]) -> int:
    """Note that a recipient was informed of failed deliveries by letter or phone; return how many."""
    return deliveries.filter(state=Delivery.State.FAILED).update(state=Delivery.State.SETTLED, acknowledged_at=Now())


def _claim(delivery_id: UUID) -> Delivery | None:
    """Take a due delivery, and postpone it at once: one attempt at a time; if its worker dies, it is retried later."""
    delivery = due_deliveries().filter(pk=delivery_id).select_related("recipient").first()
    if delivery is None:
        return None
    seen, delivery.attempts = delivery.attempts, delivery.attempts + 1
    mine = due_deliveries().filter(pk=delivery_id, attempts=seen)
    taken = mine.update(attempts=delivery.attempts, due_at=Now() + _wait_after(delivery.attempts))
    return delivery if taken else None


def _wait_after(attempts: int) -> dt.timedelta:
    """Return the wait after this many attempts: a minute, then four times as long each time, up to 6 hours."""
    return min(FIRST_WAIT * 4 ** min(attempts - 1, 5), LONGEST_WAIT)


def _acknowledge(delivery: Delivery) -> None:
    # Also one that was superseded or given up while it was being sent: it did arrive.
    open_states = (Delivery.State.QUEUED, Delivery.State.SUPERSEDED, Delivery.State.FAILED)
    mine = Delivery.objects.filter(pk=delivery.pk, state__in=open_states)
    mine.update(state=Delivery.State.ACKNOWLEDGED, acknowledged_at=Now(), last_error="")


def _postpone(delivery: Delivery, error: str, *, is_down: bool) -> bool:
    logger.warning("Recipient %s: %s, attempt %s.", delivery.recipient_id, error, delivery.attempts)
    queued = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUEUED)
    queued.update(last_error=error)
    if delivery.attempts >= FEWEST_ATTEMPTS:
        queued.filter(give_up_at__lte=Now()).update(state=Delivery.State.FAILED)
    if is_down:
        # Its other messages wait a minute, too, so that workers are free for recipients that answer.
        others = Delivery.objects.filter(recipient_id=delivery.recipient_id, state=Delivery.State.QUEUED)
        others.filter(due_at__lt=Now() + FIRST_WAIT).update(due_at=Now() + FIRST_WAIT)
    return False


def _note_gone(delivery: Delivery) -> bool:
    """Send nothing more to a recipient that answered 410; its unacknowledged messages count as failed, and alarm."""
    logger.error("Recipient %s answered 410: it is not notified any more.", delivery.recipient_id)
    with transaction.atomic():
        active = Recipient.objects.filter(pk=delivery.recipient_id, state=Recipient.State.ACTIVE)
        active.update(state=Recipient.State.GONE)
        waiting = Delivery.objects.filter(recipient_id=delivery.recipient_id, state=Delivery.State.QUEUED)
        waiting.update(state=Delivery.State.FAILED, last_error=f"HTTP {GONE}")
    forget_recipients()
    return False
