"""Requests that a restore lost: noted once, and listed until a member of staff has dealt with each."""

from django.db import transaction

from privacy.evidence.clock import database_now
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.queries import lost_requests, requests_to_lose


class NotLost(Exception):
    """There is no such lost request, or somebody has dealt with it."""


def note_lost_requests() -> int:
    """Note in the evidence which requests a restore lost; return how many. Can be repeated."""
    with transaction.atomic():
        RequestRecord.lock_end()
        steps = [_after(step, RequestRecord.Act.LOST) for step in requests_to_lose()]
        RequestRecord.append_all(steps)
    return len(steps)


def deal_with_lost(*, reference: str, role: str) -> RequestRecord:
    """Note that staff dealt with a lost request: answered it, or filed it again. Raises `NotLost`."""
    with transaction.atomic():
        RequestRecord.lock_end()
        step = lost_requests().filter(reference=reference).first()
        if step is None:
            raise NotLost
        return RequestRecord.append(_after(step, RequestRecord.Act.CLOSED, role))


def _after(step: RequestRecord, act: str, role: str = "") -> RequestRecord:
    return RequestRecord(
        request=step.request,
        reference=step.reference,
        subject=step.subject if step.subject and step.subject.erased_at is None else None,
        act=act,
        role=role,
        due_at=step.due_at,
        at=database_now(),
    )
