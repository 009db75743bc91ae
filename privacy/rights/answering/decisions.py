"""What staff may decide of an item, with its answer and, for a refusal, its reasons (GDPR art. 12(4), PIPL art. 50)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.rights.answering.answers import send_answer
from privacy.rights.answering.remedies import remedies_of
from privacy.rights.choices import WITH_REASONS, WITHOUT_PROOF, About, ItemState, may_move
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.staff.own import refuse_own
from privacy.rights.states.moving import Decision, MoveRefused, decided_before, move

# What staff press, by the state that follows. All other moves are the portal's, or the person's.
BUTTONS: dict[str, Promise] = {
    ItemState.WITH_STAFF: gettext_lazy("Deal with it ourselves"),
    ItemState.PROVEN: gettext_lazy("Let the portal carry it out"),
    ItemState.DONE: gettext_lazy("Answer: done"),
    ItemState.PARTLY: gettext_lazy("Answer: done in part"),
    ItemState.REFUSED: gettext_lazy("Answer: refused"),
    ItemState.WITHDRAWN: gettext_lazy("The person withdrew it"),
}
# What staff press for what is answered only.
ANSWER = gettext_lazy("Answer it")
# These are decided with an answer to the person.
WITH_ANSWER = (ItemState.DONE, ItemState.PARTLY, ItemState.REFUSED)
_NEED_PROOF = (ItemState.DONE, ItemState.PARTLY, ItemState.PROVEN)


@dataclass(frozen=True)
class Reasons:
    """Why something is refused: the ground, its legal basis, the retention classes that are kept, and until when."""

    exception: str
    legal_basis: str
    kept: Sequence[str]
    kept_until: dt.datetime


def moves_for_staff(request: RightsRequest, item: RequestItem) -> list[str]:
    """Return the states that staff may give an item now, in the order of `BUTTONS`."""
    if item.state == ItemState.COOLING_OFF:
        return []
    # The portal carries out a proven item: staff take it over before they decide.
    offered = [ItemState.WITH_STAFF] if item.state == ItemState.PROVEN else list(BUTTONS)
    # The portal would carry it out for the account of who asks.
    if item.state == ItemState.RECEIVED or (request.about != About.SELF and ItemState.PROVEN in offered):
        offered.remove(ItemState.PROVEN)
    # A complaint, a question, a report of a child is answered, also where it is not justified: no exception is claimed.
    if item.right in WITHOUT_PROOF:
        offered = [after for after in offered if after not in WITH_REASONS]
    needs_proof = item.right not in WITHOUT_PROOF and request.proven_at is None
    return [after for after in offered if may_move(item.state, after) and not (needs_proof and after in _NEED_PROOF)]


def button_of(item: RequestItem, after: str) -> Promise:
    """Return what staff press to give an item a state."""
    return ANSWER if after == ItemState.DONE and item.right in WITHOUT_PROOF else BUTTONS[after]


def take_step(*, item: RequestItem, after: str, by: UUID, role: str) -> RequestItem:
    """Give an item a state that needs no answer. Raises `MoveRefused` and `OwnRequest`."""
    _check(item, after, by)
    return move(item=item, after=after, decision=Decision(by=by, role=role))


def decide(
    *, item: RequestItem, outcome: str, text: str, by: UUID, role: str, reasons: Reasons | None = None
) -> RequestItem:
    """Decide an item, and send the answer `text` to the person, in one transaction.

    A refusal, also of a part, needs its `reasons`; the regulator and the court follow from the person's country.
    Raises `MoveRefused` where somebody else decided it before, and where staff may not decide it in this way, and
    `OwnRequest`.
    """
    with transaction.atomic():
        _check(item, outcome, by)
        moved = move(item=item, after=outcome, decision=_decision(item, outcome, reasons, by, role))
        send_answer(request=moved.request, text=text, by=by, role=role)
    return moved


def _check(item: RequestItem, after: str, by: UUID) -> None:
    found = RequestItem.objects.select_related("request").get(pk=item.pk)
    refuse_own(found.request, by)
    if found.is_decided:
        raise MoveRefused(decided_before(found))
    if after not in moves_for_staff(found.request, found):
        raise MoveRefused(
            _("An item that is “%(state)s” cannot be decided like this.") % {"state": found.get_state_display()}
        )


def _decision(item: RequestItem, outcome: str, reasons: Reasons | None, by: UUID, role: str) -> Decision:
    if outcome not in WITH_REASONS:
        return Decision(by=by, role=role)
    if reasons is None:
        raise MoveRefused(_("A refusal needs its reasons."))
    remedies = remedies_of(item.request)
    return Decision(
        exception=reasons.exception,
        legal_basis=reasons.legal_basis,
        kept=sorted(reasons.kept),
        kept_until=reasons.kept_until,
        regulator=remedies.regulator,
        court=remedies.court,
        by=by,
        role=role,
    )
