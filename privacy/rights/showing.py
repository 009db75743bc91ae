"""What a person sees of their request: its items with what was decided, its steps, and what they can do now."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from privacy.inventory.value_labels import value_label
from privacy.operations.account_pages import Level
from privacy.rights.answering.remedies import remedies_of
from privacy.rights.choices import WITH_REASONS, WITHOUT_PROOF, ItemState, PortalAnswer, Right, may_move
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.proof.proving import MOST_TRIES
from privacy.rights.queries import answers_of, extension_in_force, steps_of

LEVELS = {
    ItemState.RECEIVED: Level.WARN,
    ItemState.COOLING_OFF: Level.WARN,
    ItemState.DONE: Level.GOOD,
}
# The outcomes that say something of the person's data.
WITH_DATA = frozenset({ItemState.DONE, *WITH_REASONS})
# What a proven item looks like to someone who knows only the link of the request.
MASK = ItemState.PROVEN
# Steps of the person, unless the evidence names the role of staff who took them for the person.
_BY_PERSON = frozenset(
    {RequestRecord.Act.RECEIVED, RequestRecord.Act.PROVEN, RequestRecord.Act.REOPENED, RequestRecord.Act.DOCUMENT_GIVEN}
)
# What the person reads of a step whose name speaks to staff.
_TO_PERSON = {
    RequestRecord.Act.EXTENDED: gettext_lazy("We told you that we need more time"),
    RequestRecord.Act.EXTENSION_VOID: gettext_lazy("No more time: our message did not reach you"),
}


@dataclass(frozen=True)
class Reasons:
    """Why an item was refused, also in part; `complaint_url` is empty where it is not known."""

    exception: str
    legal_basis: str
    kept: str
    kept_until: dt.datetime | None
    regulator: str
    complaint_url: str
    court: str


@dataclass(frozen=True)
class ShownItem:
    """One item; `reasons` only where there are some, and the person may see them."""

    item: RequestItem
    state: str
    level: Level
    decided_by: str
    reasons: Reasons | None
    may_be_withdrawn: bool


@dataclass(frozen=True)
class Step:
    """One step of the timeline; `by` names a role, never a person."""

    record: RequestRecord
    what: str
    by: str


@dataclass(frozen=True)
class ShownAnswer:
    """Words of staff to the person; `by` names a role."""

    at: dt.datetime
    text: str
    language: str
    by: str


def items_of(request: RightsRequest, *, with_reasons: bool, is_masked: bool) -> list[ShownItem]:
    """Return the items as the page shows them; masked, they look alike whatever became of them."""
    return [_shown(request, item, with_reasons=with_reasons, is_masked=is_masked) for item in in_order(request)]


def is_item_masked(item: RequestItem, *, is_masked: bool) -> bool:
    """Whether the state of an item is masked, in a masked request: that of a complaint or question tells nothing."""
    return is_masked and item.right not in WITHOUT_PROOF


def in_order(request: RightsRequest) -> list[RequestItem]:
    """Return the items in the order of the rights."""
    order = list(Right)
    return sorted(request.items.all(), key=lambda item: order.index(Right(item.right)))


def steps_of_request(request: RightsRequest, *, is_masked: bool = False) -> list[Step]:
    """Return what happened so far, oldest first; masked, only what the person did."""
    records = (record for record in steps_of(request) if not is_masked or record.act in _BY_PERSON)
    return [Step(record, _what(record), _who(record)) for record in records]


def answers_shown(request: RightsRequest) -> list[ShownAnswer]:
    """Return the answers of staff, oldest first."""
    return [
        ShownAnswer(answer.at, str(answer.text), answer.language, value_label("our_words", answer.role))
        for answer in answers_of(request)
    ]


def withdrawable(request: RightsRequest, *, is_masked: bool) -> Iterator[RequestItem]:
    """Yield the items that the person may withdraw; by the link alone, after the proof, none whose state is masked.

    An account that is cancelled already is kept by signing in, not here.
    """
    for item in request.items.all():
        is_theirs = not is_item_masked(item, is_masked=is_masked)
        if is_theirs and item.state != ItemState.COOLING_OFF and may_move(item.state, ItemState.WITHDRAWN):
            yield item


def has_hidden_parts(request: RightsRequest) -> bool:
    """Whether there are answers, reasons, words of an extension or a copy, which only a proven person sees."""
    if any(item.state in WITH_DATA for item in request.items.all()):
        return True
    return answers_of(request).exists() or extension_in_force(request) is not None


def reasons_of(request: RightsRequest, item: RequestItem) -> Reasons | None:
    """Return why an item was refused, also in part; None for others."""
    if item.state not in WITH_REASONS:
        return None
    return Reasons(
        exception=str(item.get_exception_display()),
        legal_basis=item.legal_basis,
        kept=value_label("classes", item.kept),
        kept_until=item.kept_until,
        regulator=item.regulator,
        complaint_url=remedies_of(request).url,
        court=item.court,
    )


def waits_for_code(request: RightsRequest, place: int) -> bool:
    """Whether a code was sent to a place of a request that can still be used."""
    present = request.codes.filter(place=place, used_at__isnull=True, expires_at__gt=Now(), tries__lt=MOST_TRIES)
    return present.exists()


def state_in_words(item: RequestItem) -> str:
    """Return the state of an item in the person's words."""
    return _outcome(item.state, item.right, item.answer) or str(item.get_state_display())


def is_late(request: RightsRequest) -> bool:
    """Whether we did not answer in time."""
    return request.closed_at is None and request.due_at < timezone.now()


def _shown(request: RightsRequest, item: RequestItem, *, with_reasons: bool, is_masked: bool) -> ShownItem:
    if is_item_masked(item, is_masked=is_masked):
        return ShownItem(item, _("Confirmed"), Level.NEUTRAL, "", None, may_be_withdrawn=False)
    return ShownItem(
        item=item,
        state=state_in_words(item),
        level=LEVELS.get(ItemState(item.state), Level.NEUTRAL),
        decided_by=decider_of(item),
        reasons=reasons_of(request, item) if with_reasons else None,
        may_be_withdrawn=item in set(withdrawable(request, is_masked=is_masked)),
    )


def _what(record: RequestRecord) -> str:
    if record.act != RequestRecord.Act.DECIDED:
        return str(_TO_PERSON.get(RequestRecord.Act(record.act)) or record.get_act_display())
    said = pgettext("between a name and what is said of it", ": ")
    outcome = _outcome(record.outcome, record.right, record.details.get("answer", ""))
    return f"{record.get_right_display()}{said}{outcome or record.get_outcome_display()}"


def _outcome(state: str, right: str, answer: str) -> str:
    """Return the words of an outcome that its state alone does not say; empty for others."""
    if state == ItemState.WITHDRAWN and answer == PortalAnswer.STOPPED:
        return _("Stopped: the account is kept")
    return _("Answered") if state == ItemState.DONE and right in WITHOUT_PROOF else ""


def _who(record: RequestRecord) -> str:
    if record.act in _BY_PERSON and not record.role:
        return _("You")
    return _decider(record.outcome, record.role, record.details.get("answer", ""))


def decider_of(item: RequestItem) -> str:
    """Return who decided an item: the person, the portal, or a role of staff; empty where it is not decided."""
    return _decider(item.state, item.decided_role, item.answer) if item.is_decided else ""


def _decider(outcome: str, role: str, answer: str) -> str:
    if answer == PortalAnswer.STOPPED:
        return _("Another contact point of the account")
    if outcome == ItemState.WITHDRAWN:
        return _("You")
    return value_label("our_words", role) if role else _("The portal, automatically")
