"""Follow the messages about answers and extensions until they were handed over, or given up.

Whatever happens meanwhile, each is noted once: the row is changed and the evidence written in one transaction.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from privacy.evidence.clock import database_now
from privacy.notices.models import Notice
from privacy.notices.services import withdraw_notice
from privacy.rights.answering.extensions import make_void, take_effect
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestMessage
from privacy.rights.queries import answers_to_follow, extensions_to_follow
from privacy.rights.states.moving import locked, note

logger = logging.getLogger(__name__)

BATCH = 500


class NotPosted(Exception):
    """There is no such letter to post."""


def follow_messages(*, batch: int = BATCH) -> int:
    """Note what became of each message about an answer or an extension; return how many changed."""
    answers = _each(answers_to_follow()[:batch], follow_answer)
    return answers + _each(extensions_to_follow()[:batch], follow_extension)


def follow_answer(answer: RequestMessage) -> bool:
    """Note that the message about an answer was sent, given up, or came back; return whether it was noted now."""
    with transaction.atomic():
        request = locked(answer.request_id)
        found = RequestMessage.objects.filter(pk=answer.pk, failed_at=None).first()
        notice = _notice(found.notice) if found else None
        state = notice.state if notice else None
        if found is None or state == Notice.State.QUEUED:
            return False
        if found.handed_over_at is not None:
            # A message that is gone was sent long ago.
            if state != Notice.State.FAILED:
                return False
            _note_failed(found)
            note(request, RequestRecord.Act.NOT_DELIVERED, role=found.role)
        elif notice and state == Notice.State.SENT:
            _note_answered(request, found, notice.ended_at)
        else:
            _note_failed(found)
    return True


def note_answer_posted(*, answer: RequestMessage, role: str) -> None:
    """Note that staff handed an answer over in another way, such as by post. Raises `NotPosted` if it was already."""
    with transaction.atomic():
        request = locked(answer.request_id)
        found = RequestMessage.objects.filter(pk=answer.pk, kind=RequestMessage.Kind.ANSWER).first()
        if found is None or not found.is_to_be_posted:
            raise NotPosted
        _note_answered(request, found, database_now(), role)


def follow_extension(extension: Extension) -> bool:
    """Let an extension take effect whose notice was sent in time, or void it; return whether it changed."""
    with transaction.atomic():
        request = locked(extension.pk)
        found = Extension.objects.filter(pk=extension.pk, void_at=None).first()
        if found is None or request.closed_at is not None:
            return False
        notice = _notice(found.notice)
        state = notice.state if notice else Notice.State.FAILED
        if found.handed_over_at is not None:
            # The gateway reported later that the message was not delivered. A message that is gone was sent long ago.
            if notice is None or state != Notice.State.FAILED:
                return False
            make_void(request, found, "not_delivered")
            return True
        sent_at = notice.ended_at if notice and state == Notice.State.SENT else None
        if sent_at and sent_at <= request.first_due_at:
            take_effect(request, found, sent_at)
            return True
        is_over = database_now() > request.first_due_at
        waits = state == Notice.State.QUEUED or (found.notice is None)
        if waits and not is_over:
            return False
        if state == Notice.State.QUEUED and found.notice:
            withdraw_notice(found.notice)
        make_void(request, found, "too_late" if is_over else "not_delivered")
    return True


def _note_failed(answer: RequestMessage) -> None:
    answer.failed_at = database_now()
    answer.save(update_fields=["failed_at"])


def _note_answered(request: Any, answer: RequestMessage, at: Any, role: str = "") -> None:
    answer.handed_over_at = at
    answer.save(update_fields=["handed_over_at"])
    details = {
        "written_at": answer.at.isoformat(),
        "handed_over_at": at.isoformat(),
        "due_at": request.due_at.isoformat(),
        "is_late": at > request.due_at,
    }
    note(request, RequestRecord.Act.ANSWERED, role=role or answer.role, details=details)


def _notice(number: UUID | None) -> Notice | None:
    return Notice.objects.filter(pk=number).first() if number else None


def _each(rows: Iterable[Any], follow: Callable[[Any], bool]) -> int:
    """Follow each row; one that fails stops no other."""
    changed = 0
    for row in rows:
        try:
            changed += follow(row)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - its text may hold values: only its name is kept
            logger.error("Following the message of %s failed with %s", row.pk, type(error).__name__)  # noqa: TRY400
    return changed
