"""What the endpoints of requests answer with."""

from typing import Any

from privacy.rights.choices import ItemState
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.proof.proving import GIVEN, OTHER
from privacy.rights.queries import extension_in_force
from privacy.rights.showing import (
    MASK,
    answers_shown,
    decider_of,
    in_order,
    is_item_masked,
    reasons_of,
    steps_of_request,
    waits_for_code,
)


def present(request: RightsRequest, *, is_open: bool = False, is_masked: bool = False) -> dict[str, Any]:
    """Return a request as lists show it; `is_open` is whether answers and the reasons of a refusal are shown.

    A masked one is open, and its items that needed a proof are `proven`, whatever became of them.
    """
    return {
        "reference": request.reference,
        "received_at": request.received_at,
        "due_at": request.due_at,
        "closed_at": None if is_masked else request.closed_at,
        "channel": request.channel,
        "about": request.about,
        "state": "open" if is_masked else _state(request),
        "proof": request.proof or None,
        "items": [_item(request, item, is_open=is_open, is_masked=is_masked) for item in in_order(request)],
    }


def present_in_full(request: RightsRequest, *, is_open: bool, is_masked: bool = False) -> dict[str, Any]:
    """Return a request with its steps and, if they are open, its answers."""
    return present(request, is_open=is_open, is_masked=is_masked) | {
        "second_code_sent": waits_for_code(request, OTHER) and not waits_for_code(request, GIVEN),
        "extension": None if is_masked else _extension(request, is_open=is_open),
        "answers": [vars(answer) for answer in answers_shown(request)] if is_open else None,
        "steps": [
            {
                "at": step.record.at,
                "act": step.record.act,
                "right": step.record.right or None,
                "outcome": step.record.outcome or None,
                "by": step.by,
            }
            for step in steps_of_request(request, is_masked=is_masked)
        ],
    }


def _extension(request: RightsRequest, *, is_open: bool) -> dict[str, Any] | None:
    extension = extension_in_force(request)
    if extension is None:
        return None
    reason, text = (extension.reason, str(extension.text)) if is_open else (None, None)
    return {"reason": reason, "text": text, "first_due_at": request.first_due_at}


def _state(request: RightsRequest) -> str:
    if request.closed_at is not None:
        return "closed"
    is_waiting = any(item.state == ItemState.RECEIVED for item in request.items.all())
    return "received" if is_waiting else "open"


def _item(request: RightsRequest, item: RequestItem, *, is_open: bool, is_masked: bool) -> dict[str, Any]:
    reasons, hides = reasons_of(request, item) if is_open else None, is_item_masked(item, is_masked=is_masked)
    return {
        "right": item.right,
        "ground": item.ground or None,
        "state": MASK if hides else item.state,
        "decided_at": None if hides else item.decided_at,
        "decided_by": None if hides else decider_of(item) or None,
        "answer": _answer(item) if is_open else None,
        "reasons": vars(reasons) | {"exception": item.exception, "kept": item.kept} if reasons else None,
    }


def _answer(item: RequestItem) -> dict[str, str] | None:
    return {"code": item.answer, "text": str(item.get_answer_display())} if item.answer else None
