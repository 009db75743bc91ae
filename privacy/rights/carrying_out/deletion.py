"""Deletion (GDPR art. 17, PIPL art. 47): the account is cancelled on a ground of clause 6.3 of the sample policy.

The item follows the cancellation to its end.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import override

from privacy.access.staff_accounts import staff_account_of
from privacy.erasure.models import OPEN_STATES, ErasureCase
from privacy.erasure.services import cancel_account
from privacy.rights.answering.remedies import remedies_of
from privacy.rights.carrying_out.stopping import refuse_unless_links_can_be_sent, send_stop_links
from privacy.rights.choices import ItemState, PortalAnswer, Proof
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.states.moving import Decision


def cancel(item: RequestItem) -> tuple[str, Decision]:
    """Cancel the account, on the ground of the item; a cancellation that runs already serves it, too.

    The account of a member of staff, who did not sign in, is for other staff: codes do not end the rights of an
    administrator. Raises `NotNow` while a link that stops it cannot be sent.
    """
    subject = item.request.subject
    assert subject is not None  # noqa: S101 - for the type checker: without an account there is nothing to cancel
    if item.request.proof != Proof.SIGN_IN and staff_account_of(subject.pk):
        return ItemState.WITH_STAFF, Decision()
    # The person is locked: no other cancellation begins meanwhile.
    case = ErasureCase.objects.filter(subject=subject, state__in=OPEN_STATES).first()
    if case is None:
        refuse_unless_links_can_be_sent(item.request)
        with override(item.request.language):
            case = cancel_account(subject=subject, ground=item.ground)
        send_stop_links(item.request, case)
    return ItemState.COOLING_OFF, Decision(carried_out_by=case.pk)


def follow(item: RequestItem) -> tuple[str, Decision]:
    """Return what became of the cancellation: undone, carried out, or carried out except what a hold keeps."""
    assert item.carried_out_by is not None  # noqa: S101 - for the type checker: `cancel` noted it
    case = ErasureCase.objects.get(pk=item.carried_out_by)
    match case.state:
        case ErasureCase.State.UNDONE:
            return ItemState.WITHDRAWN, Decision(answer=PortalAnswer.KEPT)
        case ErasureCase.State.ERASED:
            return ItemState.DONE, Decision(answer=PortalAnswer.ERASED)
        case ErasureCase.State.HELD:
            return ItemState.PARTLY, kept_by_holds(item.request, case.held)
    return item.state, Decision()


def kept_by_holds(request: RightsRequest, holds: Sequence[Mapping[str, Any]]) -> Decision:
    """Return why a deletion is done in part only: what the holds of an erasure keep, as its receipt names them."""
    remedies = remedies_of(request)
    return Decision(
        exception=holds[0]["exception"],
        legal_basis=holds[0]["legal_basis"],
        kept=sorted({name for hold in holds for name in hold["classes"]}),
        kept_until=max(dt.datetime.fromisoformat(hold["until"]) for hold in holds),
        regulator=remedies.regulator,
        court=remedies.court,
    )
