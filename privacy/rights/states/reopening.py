"""Reopen a request that was closed because no one proved in time who asks: its link does so once, for 90 days."""

import datetime as dt
import json

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.evidence.clock import database_now
from privacy.rights.choices import Contact, ItemState
from privacy.rights.clock import due_after
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.notices import send_proof_code, send_receipt
from privacy.rights.states.moving import locked, reopen

REOPENS_FOR = dt.timedelta(days=90)


class NotReopened(Exception):
    """The request has no unproven item, or was closed too long ago; the message says so to the person."""


def reopens_until(request: RightsRequest) -> dt.datetime | None:
    """Return until when a request may be reopened; None if it may not.

    It may be once: its link would else keep an address stored, that may be a stranger's, without end.
    """
    closed = [item.decided_at for item in request.items.all() if item.state == ItemState.NOT_PROVEN and item.decided_at]
    until = max(closed) + REOPENS_FOR if closed else None
    if until is None or until <= database_now():
        return None
    reopened = RequestRecord.objects.filter(request=request.pk, act=RequestRecord.Act.REOPENED)
    return None if reopened.exists() else until


def reopen_request(*, request: RightsRequest) -> None:
    """Open a request again, with a due time from now on, and send its receipt and a new code.

    The first due time is over, and was kept: nothing could be answered before the proof. Raises `NotReopened`.
    """
    with transaction.atomic():
        found = locked(request.pk)
        if reopens_until(found) is None:
            raise NotReopened(_("This request can no longer be reopened. File a new one."))
        inputs = json.loads(str(found.clock))
        due = due_after(received_at=database_now(), days=inputs["days"], zones=inputs["zones"], rule=str(found.rule))
        # Of a request with items that wait for staff, the earlier due time stays.
        if found.closed_at is not None:
            found.clock = json.dumps({**due.inputs(), "reopened": True})
            found.first_due_at = found.due_at = due.at
            found.save(update_fields=["clock", "first_due_at", "due_at"])
        reopen(found)
        if found.contact != Contact.POST:
            send_proof_code(found)
        send_receipt(found)
