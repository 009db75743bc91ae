"""Requests are data of a person, too: an erasure deletes them, and destroys the keys that seal them."""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from privacy.encryption.keys import destroy_keys
from privacy.erasure.legal_holds import present_holds
from privacy.holds.queries import holds_of
from privacy.inventory.data_stores import DataStore
from privacy.inventory.retention_classes import RetentionClass
from privacy.rights.carrying_out.deletion import kept_by_holds
from privacy.rights.choices import ItemState, PortalAnswer, Right
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.proof.discarding import discard_documents
from privacy.rights.states.moving import Decision, note


class RequestsStore(DataStore):
    """The requests of a person. Each has its own key, which destroying the person's keys would not reach."""

    name = "privacy.rights"
    label = _("your requests")
    retention = RetentionClass.REQUESTS

    def erase(self, subjects: Collection[UUID]) -> Mapping[UUID, int]:
        """Delete the requests, and note how each that was open ended: the evidence without a name stays."""
        found = RightsRequest.objects.filter(subject__pk__in=list(subjects))
        owners = dict(found.values_list("pk", "subject_id"))
        for request in found.filter(closed_at__isnull=True).select_related("subject").prefetch_related("items"):
            _note_end(request)
        discard_documents(owners)
        found.filter(pk__in=list(owners)).delete()
        # If that fails, the sweep of orphaned keys does it.
        transaction.on_commit(partial(destroy_keys, owners.keys()), robust=True)
        return Counter(owners.values())


def _note_end(request: RightsRequest) -> None:
    """Note that the deletion is done, and that the request is closed, or went with the account."""
    is_open = [item for item in request.items.all() if not item.is_decided]
    carried_out = [item for item in is_open if item.right == Right.DELETION and item.state == ItemState.COOLING_OFF]
    if carried_out:
        outcome, decision = _deletion_of(request)
        note(request, RequestRecord.Act.DECIDED, right=Right.DELETION, outcome=outcome, details=decision.reasons())
    act = RequestRecord.Act.CLOSED if len(carried_out) == len(is_open) else RequestRecord.Act.ERASED
    note(request, act, details={"due_at": request.due_at.isoformat()})


def _deletion_of(request: RightsRequest) -> tuple[str, Decision]:
    assert request.subject_id is not None  # noqa: S101 - for the type checker: found by its person
    holds = present_holds(holds_of([request.subject_id]).get(request.subject_id, []))
    if holds:
        return ItemState.PARTLY, kept_by_holds(request, holds)
    return ItemState.DONE, Decision(answer=PortalAnswer.ERASED)
