"""Access and portability (GDPR art. 15 and 20, PIPL art. 45): the copy that the portal makes for each person.

It is handed out on the page of the request.
"""

import json
from typing import Any
from uuid import UUID

from privacy.export.models import DataCopy
from privacy.export.queries import copies_of, ready_copy
from privacy.export.reading import FormerFormat
from privacy.export.services import request_copy
from privacy.export.standalone import as_html
from privacy.rights.choices import HAND_OUT, ItemState, PortalAnswer
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.states.moving import Decision
from privacy.subjects.models import DataSubject

NO_COPY = UUID(int=0)


def make_copy_for(item: RequestItem) -> tuple[str, Decision]:
    """Ask for a copy, or look whether it is ready; the item is done once it is, and waits for staff if it fails.

    One copy serves both rights.
    """
    subject = item.request.subject
    assert subject is not None  # noqa: S101 - for the type checker: without an account there is nothing to copy
    copy = DataCopy.objects.filter(subject=subject, pk=item.carried_out_by or NO_COPY).first()
    copy = copy or _ready_since_proof(subject, item.request)
    if copy is None or copy.state == DataCopy.State.FORGOTTEN:
        copy = request_copy(subject=subject)
    if copy.state == DataCopy.State.FAILED:  # after several attempts
        return ItemState.WITH_STAFF, Decision(carried_out_by=copy.pk)
    if copy.state == DataCopy.State.READY:
        return ItemState.DONE, Decision(carried_out_by=copy.pk, answer=PortalAnswer.COPY_READY)
    return ItemState.PROVEN, Decision(carried_out_by=copy.pk)


def copy_of_request(request: RightsRequest) -> DataCopy | None:
    """Return the copy that answers a request, while it can be read; None before, after and without one.

    Call it only for someone who proved in this session that the request is theirs.
    """
    done = request.items.filter(right__in=sorted(HAND_OUT), state=ItemState.DONE, carried_out_by__isnull=False)
    item = done.first()
    if item is None or item.carried_out_by is None or request.subject_id is None:
        return None
    return ready_copy(request.subject_id, item.carried_out_by)


def document_of(copy: DataCopy) -> dict[str, Any]:
    """Return a copy as its JSON file has it."""
    document: dict[str, Any] = json.loads(str(copy.document))
    return document


def page_of(copy: DataCopy) -> str | None:
    """Return a copy as one HTML file in the reader's language; None for a copy that an earlier release made."""
    try:
        return as_html(document_of(copy))
    except FormerFormat:
        return None


def _ready_since_proof(subject: DataSubject, request: RightsRequest) -> DataCopy | None:
    usable = copies_of(subject.pk).filter(state=DataCopy.State.READY, asked_at__gte=request.proven_at)
    return usable.order_by("-asked_at").first()
