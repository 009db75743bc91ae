"""Queue a notice, deliver it when it is due, and delete its contents."""

import datetime as dt
import json
import logging
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from privacy.encryption.keys import KeyDestroyed, create_keys_for, create_keys_of, destroy_classes, destroy_keys
from privacy.limits.counting import RateLimited
from privacy.notices import gateways
from privacy.notices.addressing import Outcome, assign_addressee, waits_for_addressee
from privacy.notices.backends import AddressRefused, GatewaySilent
from privacy.notices.delivery import deliver
from privacy.notices.limits import count_message
from privacy.notices.messages import purpose_of
from privacy.notices.models import RETENTION_CLASS, Notice
from privacy.notices.preparing import prepare_notice
from privacy.notices.queries import due_notices, expired_codes
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(hours=6)
MOST_ATTEMPTS = 10
# Why a message was given up, if no gateway refused it.
CODE_EXPIRED, TOO_MANY_ATTEMPTS = "CodeExpired", "TooManyAttempts"
# The template of a message to an unknown address: stored and woken for as any other, so that it looks alike; not sent.
WITHOUT_ADDRESSEE = "to_nobody"
BATCH = 100
# Messages that one statement stores.
STORED_AT_ONCE = 1000


def send_notice(
    *,
    subject: DataSubject | None,
    channel: str,
    address: str,
    template: str,
    language: str,
    context: Mapping[str, str],
    code: str = "",
    about: str = "",
) -> Notice:
    """Store a message to a person; return it, or the equal one that replaces it.

    It is sent after the commit. If an equal message (same person, template and address) waits, or was sent within an
    hour, that one is returned and no other stored; `about` distinguishes messages that must each be sent, such as the
    id of what they undo. A message beyond its limits is stored as not sent.

    `context` may name the `jurisdiction` whose controller writes (a code; default the subject's) and when a code
    `expires_at` (ISO 8601; default after CODE_LIFETIME). Raises `UnknownJurisdiction`, and `RateLimited` for a code.
    """
    ready = prepare_notice(
        subject=subject,
        channel=channel,
        address=address,
        template=template,
        language=language,
        context=context,
        code=code,
        about=about,
    )
    create_keys_for(ready.keys)
    ready.store()
    return ready.notice


def queue_notices(notices: Sequence[Notice]) -> None:
    """Store many messages, each under a key of its own; the sweep sends them.

    They are neither counted nor folded, and no SMS budget limits them: the caller writes to each person once, and
    limits how many people at a time.
    """
    create_keys_of([notice.pk for notice in notices], [RETENTION_CLASS])
    Notice.objects.bulk_create(notices, batch_size=STORED_AT_ONCE)


def deliver_notice(notice_id: UUID) -> bool:
    """Deliver a notice that is due, and delete its contents; return whether it was sent now. May be called at any time.

    It stays due if its gateway does not answer, or has no free slot.
    """
    due = _queued(notice_id).filter(due_at__lte=Now())
    notice = due.annotate(has_expired=Q(expires_at__lte=Now())).first()
    if notice is None:
        return False
    if notice.template == WITHOUT_ADDRESSEE:
        _drop(notice)
        return False
    if waits_for_addressee(notice) and not _assign_and_count(notice):
        return False
    if why := _why_given_up(
        notice, has_expired=notice.has_expired
    ):  # before it uses the one attempt of a silent gateway
        _forget(notice, Notice.State.FAILED, why)
        return False
    with gateways.gateway_slot(notice.channel) as is_free:
        return is_free and _claim(notice) and _attempt(notice)


def send_due_notices(*, batch: int = BATCH) -> int:
    """Deliver what is due, codes first, oldest first; return how many were sent."""
    return send_due_codes(batch=batch) + send_due_messages(batch=batch)


def send_due_codes(*, batch: int = BATCH) -> int:
    """Deliver the codes that are due, and give up those that expired; return how many were sent."""
    for notice in expired_codes()[:batch]:
        _forget(notice, Notice.State.FAILED, CODE_EXPIRED)
    return _send_due(is_urgent=True, batch=batch)


def send_due_messages(*, batch: int = BATCH) -> int:
    """Deliver the messages without a code that are due, oldest first; return how many were sent."""
    return _send_due(is_urgent=False, batch=batch)


def _send_due(*, is_urgent: bool, batch: int) -> int:
    # Messages to a gateway that does not answer must not fill the batch.
    channels = [channel for channel in Notice.Channel.values if gateways.may_be_tried(channel)]
    due = due_notices(is_urgent=is_urgent, channels=channels)
    return sum(deliver_notice(notice_id) for notice_id in due[:batch])


def withdraw_notices(subjects: Collection[UUID]) -> Mapping[UUID, int]:
    """Delete every notice of these persons, and destroy its key; return how many each had.

    The keys are destroyed after the commit: after a rollback, the message can still be sent.
    """
    notices = Notice.objects.filter(subject__pk__in=list(subjects))
    owners = dict(notices.values_list("pk", "subject_id"))
    notices.filter(pk__in=list(owners)).delete()
    # If that fails, the sweep of orphaned keys does it.
    transaction.on_commit(lambda: destroy_keys(owners.keys()), robust=True)
    return Counter(owners.values())


def delete_notices(notice_ids: Collection[UUID]) -> None:
    """Delete these messages, sent or not, and destroy the keys of those that still wait, after the commit."""
    Notice.objects.filter(pk__in=list(notice_ids)).delete()
    # If that fails, the sweep of orphaned keys does it.
    transaction.on_commit(lambda: destroy_keys(notice_ids), robust=True)


def withdraw_notice(notice_id: UUID) -> bool:
    """Delete a message that still waits, and destroy its key after the commit; return whether it did."""
    if not _queued(notice_id).delete()[0]:
        return False
    # If that fails, the sweep of orphaned keys does it.
    transaction.on_commit(lambda: destroy_keys([notice_id]), robust=True)
    return True


def _assign_and_count(notice: Notice) -> bool:
    """Look up the addressee of a message, and count it for them; return False if it cannot be sent now.

    It has no addressee, is beyond a limit, is taken by another worker, or its look-up failed, which stops no other
    message.
    """
    try:
        typed, outcome = str(notice.address), assign_addressee(notice)
    except KeyDestroyed:  # it was dropped, and the process died before the deletion
        outcome = Outcome.UNKNOWN
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - its text may hold an address: only its name is kept
        if _claim(notice):
            _postpone(notice, type(error).__name__)
        return False
    if outcome is Outcome.UNKNOWN:
        _drop(notice)
    if outcome is not Outcome.ASSIGNED:
        return False
    address = str(notice.address) if str(notice.address) != typed else ""  # what was typed is counted already
    purpose = purpose_of(template=notice.template, is_urgent=notice.is_urgent)
    try:
        count_message(channel=notice.channel, address=address, person=str(notice.subject_id), purpose=purpose)
    except RateLimited as refused:
        _forget(notice, Notice.State.FAILED, type(refused).__name__)
        return False
    return True


def _queued(notice_id: UUID) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice_id, state=Notice.State.QUEUED)


def _claim(notice: Notice) -> bool:
    """Take a due notice, and postpone it at once: one attempt at a time; if the worker dies, it is due again later."""
    seen, notice.attempts = notice.attempts, notice.attempts + 1
    mine = _queued(notice.pk).filter(attempts=seen)
    return bool(mine.update(attempts=notice.attempts, due_at=Now() + _wait_after(notice.attempts)))


def _attempt(notice: Notice) -> bool:
    began = time.monotonic()
    try:
        deliver(notice, json.loads(str(notice.context)))
    except KeyDestroyed:
        # It was sent, and the process died before it noted that.
        _forget(notice, Notice.State.SENT)
    except AddressRefused as error:
        gateways.note_answer(notice.channel)
        _forget(notice, Notice.State.FAILED, type(error).__name__)
    except SoftTimeLimitExceeded:
        gateways.note_silence(notice.channel)
        raise
    except Exception as error:  # noqa: BLE001 - its text may hold the address: only its name is kept
        if isinstance(error, GatewaySilent) or time.monotonic() - began >= settings.GATEWAY_SECONDS:
            gateways.note_silence(notice.channel)
        else:
            gateways.note_answer(notice.channel)
        _postpone(notice, type(error).__name__)
    else:
        gateways.note_answer(notice.channel)
        _forget(notice, Notice.State.SENT, to=str(notice.address) if notice.channel == Notice.Channel.SMS else None)
        return True
    return False


def _wait_after(attempts: int) -> dt.timedelta:
    """Return the wait after this many attempts: 30 seconds, then four times as long each time, up to 6 hours."""
    # Capped before the power, so that the time cannot overflow.
    return min(FIRST_WAIT * 4 ** min(attempts - 1, MOST_ATTEMPTS), LONGEST_WAIT)


def _why_given_up(notice: Notice, *, has_expired: bool | None) -> str:
    """Return why a message is not sent any more, as the name of an error; empty if it is."""
    # If an attempt fails, `_postpone` gives up; a worker that dies does not reach it.
    if notice.attempts >= MOST_ATTEMPTS:
        return TOO_MANY_ATTEMPTS
    return CODE_EXPIRED if has_expired else ""


def _postpone(notice: Notice, error: str) -> None:
    logger.warning("Notice %s was not sent (%s), attempt %s.", notice.pk, error, notice.attempts)
    if notice.attempts >= MOST_ATTEMPTS:
        _forget(notice, Notice.State.FAILED, error)
    else:
        Notice.objects.filter(pk=notice.pk).update(last_error=error)


def _drop(notice: Notice) -> None:
    """Delete a message without a person, unless another worker found one meanwhile."""
    if _queued(notice.pk).filter(subject=notice.subject_id).delete()[0]:
        destroy_classes([notice.pk], [RETENTION_CLASS])


def _forget(notice: Notice, state: Notice.State, error: str = "", *, to: str | None = None) -> None:
    """Note how a message ended, and delete its contents. The index of the number `to` is kept for reports on it."""
    # The key is destroyed first: if the process dies here, the next attempt sees that it was sent.
    destroy_classes([notice.pk], [RETENTION_CLASS])
    Notice.objects.filter(pk=notice.pk).update(
        state=state,
        address=None,
        context=None,
        address_index=to,
        language=notice.language,
        last_error=error,
        ended_at=Now(),
    )
