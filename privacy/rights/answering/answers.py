"""Answers to people and notes for staff. The data of an answer stays on the person's page: the message has a link."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.evidence.clock import database_now
from privacy.rights.models.requests import RequestMessage, RightsRequest
from privacy.rights.notices import send_answered
from privacy.rights.staff.own import refuse_own
from privacy.rights.states.moving import locked

# What a template leaves to be filled in, such as `[what was corrected]`.
GAP_OPENS, GAP_CLOSES = "[", "]"


class AnswerRefused(Exception):
    """The text cannot be sent like this; the message says why to staff."""


def write_note(*, request: RightsRequest, text: str, by: UUID, role: str) -> RequestMessage:
    """Store a note that only staff read."""
    return _store(request, RequestMessage.Kind.NOTE, text, by, role)


def send_answer(*, request: RightsRequest, text: str, by: UUID, role: str) -> RequestMessage:
    """Store an answer in the person's language, and queue the message with its link, in one transaction.

    An answer by post has no message: staff note when it was posted. Raises `AnswerRefused` for a text with a gap,
    and `OwnRequest`.
    """
    refuse_own(request, by)
    if gap := gap_in(text):
        raise AnswerRefused(_("Fill in “%(gap)s” first.") % {"gap": gap})
    with transaction.atomic():
        answer = _store(request, RequestMessage.Kind.ANSWER, text, by, role)
        if notice := send_answered(request, about=str(answer.pk)):
            answer.notice = notice.pk
            answer.save(update_fields=["notice"])
    return answer


def gap_in(text: str) -> str:
    """Return the first gap of a text, such as `[what was corrected]`; empty if there is none."""
    _before, opened, rest = text.partition(GAP_OPENS)
    inside, closed, _behind = rest.partition(GAP_CLOSES)
    return f"{GAP_OPENS}{inside}{GAP_CLOSES}" if opened and closed else ""


def _store(request: RightsRequest, kind: str, text: str, by: UUID, role: str) -> RequestMessage:
    with transaction.atomic():
        found = locked(request.pk)
        return RequestMessage.objects.create(
            request=found,
            kind=kind,
            language=found.language,
            text=text,
            written_by=by,
            role=role,
            at=database_now(),
            closed_at=found.closed_at,
        )
