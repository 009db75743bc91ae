"""Carry out the items that need no member of staff, by the services that other packages have for each right.

All items of a request are carried out in one transaction, with what they change, their evidence and one message. So a
process that dies leaves all of it or nothing, and the next sweep takes the request again.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from privacy.encryption.keys import forget_keys
from privacy.evidence.clock import database_now
from privacy.rights.carrying_out import copies, deletion, restriction, switches
from privacy.rights.choices import OUTCOMES, About, ItemState, PortalAnswer, Proof, Right
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.notices import send_carried_out, send_decided
from privacy.rights.people import living_subject
from privacy.rights.queries import items_to_carry_out
from privacy.rights.states.moving import Decision, MoveRefused, NotNow, locked, move

logger = logging.getLogger(__name__)

Service = Callable[[RequestItem], tuple[str, Decision]]
BATCH = 100
# What still fails this long after the proof waits for a member of staff.
GIVE_UP_AFTER = dt.timedelta(hours=1)
# What waits for a message does so until the longest window of its limits, a day, is surely over.
WAITS_FOR = dt.timedelta(hours=25)
# By right: what is done for the person of an item, who has an account. It returns the next state, or the present one
# while it waits, and what is noted.
SERVICES: Mapping[str, Service] = {
    Right.ACCESS: copies.make_copy_for,
    Right.PORTABILITY: copies.make_copy_for,
    Right.CORRECTION: switches.correct,
    Right.DELETION: deletion.cancel,
    Right.WITHDRAWAL: switches.withdraw,
    Right.OBJECTION: switches.object_to,
    Right.RESTRICTION: restriction.restrict,
}


def carry_out_due(*, batch: int = BATCH) -> int:
    """Carry out what is due, oldest first; return how many items moved. A request that fails stops no other."""
    waiting = dict.fromkeys(items_to_carry_out().values_list("request_id", flat=True)[:batch])
    moved = 0
    for request_id in waiting:
        moved += _carry_out(request_id)
        forget_keys()
    return moved


def carry_out(request_id: UUID) -> int:
    """Carry out the items of one request that are due; return how many moved."""
    with transaction.atomic():
        request = locked(request_id)
        # Before the chains of consents and of the journal, as an erasure does.
        RequestRecord.lock_end()
        # A cancellation deletes the copies that exist: one that is asked for together with it is made afterwards.
        due = sorted(items_to_carry_out().filter(request=request), key=lambda item: item.right != Right.DELETION)
        moved = [after for item in due if (after := _step(item, request))]
        if decided := [item for item in moved if item.state in OUTCOMES]:
            send_decided(request, decided)
        # The start of a deletion has messages of its own, and its end has no one to be told.
        if done := [item for item in moved if item.state == ItemState.DONE and item.right != Right.DELETION]:
            send_carried_out(request, done)
    return len(moved)


def _carry_out(request_id: UUID) -> int:
    try:
        return carry_out(request_id)
    except SoftTimeLimitExceeded:
        raise
    except RightsRequest.DoesNotExist:  # erased meanwhile
        return 0
    except Exception as error:  # noqa: BLE001 - one request stops no other; its text may hold values: only its name is kept
        logger.error("Carrying out request %s failed with %s", request_id, type(error).__name__)  # noqa: TRY400
        return 0


def _step(item: RequestItem, request: RightsRequest) -> RequestItem | None:
    """Take one item as far as it goes now; return it if it moved."""
    item.request = request
    try:
        with transaction.atomic():
            after, decision = _service_for(item)(item)
            if after != item.state:
                return move(item=item, after=after, decision=decision)
            if decision.carried_out_by:
                RequestItem.objects.filter(pk=item.pk).update(carried_out_by=decision.carried_out_by)
            return None
    except (MoveRefused, SoftTimeLimitExceeded):
        raise
    except NotNow:
        return _give_up(item, WAITS_FOR)
    except Exception as error:  # noqa: BLE001 - one item stops no other; its text may hold values: only its name is kept
        logger.error("Carrying out item %s failed with %s", item.pk, type(error).__name__)  # noqa: TRY400
    return _give_up(item)


def _service_for(item: RequestItem) -> Service:
    if item.state == ItemState.COOLING_OFF:
        return deletion.follow
    # The account of who asks is not the one that it is about: a member of staff finds that.
    if item.request.about != About.SELF:
        return _for_staff
    if item.request.subject is None:
        return _answer_without_account
    if living_subject(item.request) is None:  # erased, and kept by a legal hold
        return _for_staff
    return SERVICES.get(item.right, _for_staff)


def _give_up(item: RequestItem, after: dt.timedelta = GIVE_UP_AFTER) -> RequestItem | None:
    """Hand an item to staff that has failed for too long; return it if it moved."""
    proven_at = item.request.proven_at
    if item.state != ItemState.PROVEN or proven_at is None or database_now() < proven_at + after:
        return None
    return move(item=item, after=ItemState.WITH_STAFF)


def _answer_without_account(item: RequestItem) -> tuple[str, Decision]:
    # A document proves a name, which the portal cannot look up: a member of staff does.
    if item.request.proof == Proof.DOCUMENT:
        return _for_staff(item)
    return ItemState.DONE, Decision(answer=PortalAnswer.NO_DATA)


def _for_staff(_item: RequestItem) -> tuple[str, Decision]:
    return ItemState.WITH_STAFF, Decision()
