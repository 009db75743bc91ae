"""Change the state of an item by the table of allowed moves, and close a request whose items are all decided."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.evidence.clock import database_now
from privacy.rights.choices import OUTCOMES, ItemState, may_move
from privacy.rights.models.codes import ProofCode, StopLink
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from privacy.rights.people import living_subject
from privacy.rights.proof.discarding import discard_documents
from privacy.subjects.locking import lock_subjects

FIXED = ("id", "request")


class MoveRefused(Exception):
    """The item cannot go to this state, because of its present one; the message says so to staff."""


class NotNow(Exception):
    """An item cannot be carried out yet, such as before a message can be sent: it is tried again."""


@dataclass(frozen=True)
class Decision:
    """What an outcome says besides its state. A refusal, also of a part, needs every value of the first group.

    `kept` lists retention classes, `legal_basis` has the form of that of a legal hold, `court` names the judicial
    remedy. `by` and `role` are empty where the portal decided by itself. `carried_out_by` is the number of the row
    that did it, `answer` one of `PortalAnswer`.
    """

    exception: str = ""
    legal_basis: str = ""
    kept: list[str] = field(default_factory=list)
    kept_until: dt.datetime | None = None
    regulator: str = ""
    court: str = ""
    by: UUID | None = None
    role: str = ""
    carried_out_by: UUID | None = None
    answer: str = ""

    def reasons(self) -> dict[str, object]:
        """Return what the evidence holds of it: the reasons, without who decided."""
        names = ("exception", "legal_basis", "kept", "regulator", "court", "answer")
        found = {name: value for name, value in asdict(self).items() if name in names and value}
        return found | ({"kept_until": self.kept_until.isoformat()} if self.kept_until else {})


def locked(request_id: UUID) -> RightsRequest:
    """Return a request, locked until the transaction ends: two people who decide at once come one after the other.

    Its person is locked first, and the chain of steps is locked last, as by an erasure.
    """
    person = RightsRequest.objects.values_list("subject_id", flat=True).get(pk=request_id)
    lock_subjects([person] if person else [])
    return RightsRequest.objects.select_for_update().get(pk=request_id)


def move(*, item: RequestItem, after: str, decision: Decision | None = None) -> RequestItem:
    """Give an item its next state, in one transaction; return it as it is now. Raises `MoveRefused`.

    An outcome is evidence. The last outcome of a request closes it.
    """
    decision = decision or Decision()
    with transaction.atomic():
        request = locked(item.request_id)
        found = RequestItem.objects.get(pk=item.pk)
        if not may_move(found.state, after):
            raise MoveRefused(decided_before(found))
        found.state = after
        found.carried_out_by = decision.carried_out_by or found.carried_out_by
        if after in OUTCOMES:
            _decide(found, decision)
        # Not `request`: the database refuses to write it again for a person who was erased.
        found.save(update_fields=[field.name for field in RequestItem._meta.fields if field.name not in FIXED])
        if after in OUTCOMES:
            close_if_decided(request)
    return found


def decided_before(item: RequestItem) -> str:
    """Return what staff read who decide an item that has another state meanwhile."""
    return _("This item is “%(state)s” already: someone else decided it.") % {"state": item.get_state_display()}


def _decide(item: RequestItem, decision: Decision) -> None:
    item.decided_at = database_now()
    item.decided_by, item.decided_role = decision.by, decision.role
    item.exception, item.legal_basis = decision.exception, decision.legal_basis
    item.kept, item.kept_until = decision.kept, decision.kept_until
    item.regulator, item.court, item.answer = decision.regulator, decision.court, decision.answer
    note(
        item.request,
        RequestRecord.Act.DECIDED,
        right=item.right,
        outcome=item.state,
        role=decision.role,
        details=decision.reasons(),
    )


def close_if_decided(request: RightsRequest) -> bool:
    """Close a locked request whose items are all decided; return whether it is closed now."""
    if request.items.exclude(state__in=sorted(OUTCOMES)).exists():
        return False
    request.closed_at = database_now()
    request.save(update_fields=["closed_at"])
    age_from(request, request.closed_at)
    discard_documents([request.pk])
    is_late = request.closed_at > request.due_at
    note(request, RequestRecord.Act.CLOSED, details={"due_at": request.due_at.isoformat(), "is_late": is_late})
    return True


def reopen(request: RightsRequest) -> None:
    """Open a locked request again whose identity was not proven in time: its items wait for the proof once more."""
    request.closed_at = None
    request.save(update_fields=["closed_at"])
    age_from(request, None)
    unproven = request.items.filter(state=ItemState.NOT_PROVEN)
    unproven.update(state=ItemState.RECEIVED, decided_at=None, decided_by=None, decided_role="")
    note(request, RequestRecord.Act.REOPENED, details={"due_at": request.due_at.isoformat()})


def age_from(request: RightsRequest, at: dt.datetime | None) -> None:
    """Note when the age of everything that belongs to a request begins."""
    for model in (RequestItem, RequestMessage, Extension, ProofCode, StopLink):
        model._default_manager.filter(request=request).update(closed_at=at)


def note(
    request: RightsRequest,
    act: str,
    *,
    right: str = "",
    outcome: str = "",
    role: str = "",
    details: dict[str, object] | None = None,
) -> RequestRecord:
    """Append a step of a request to the evidence, and return it."""
    return RequestRecord.append(
        RequestRecord(
            request=request.pk,
            reference=request.reference,
            subject=living_subject(request),
            act=act,
            right=right,
            outcome=outcome,
            role=role,
            details=details or {},
            due_at=request.due_at,
            at=database_now(),
        )
    )
