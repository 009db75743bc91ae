"""Stop a deletion that was asked for without signing in: by a link that the account's other contact points get at once.

Someone who reads the mail of one address could ask for the deletion in the owner's name. The owner needs no password
and no code for the link: to keep an account harms no one.
"""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from privacy.erasure.models import ErasureCase
from privacy.erasure.services import TooLateToUndo, undo_cancellation
from privacy.jurisdictions.site import link_to
from privacy.limits.counting import RateLimited
from privacy.notices.limits import MessagePurpose, refuse_where_used_up
from privacy.notices.models import Notice
from privacy.notices.services import send_notice
from privacy.rights.choices import ItemState, PortalAnswer, Right
from privacy.rights.models.codes import StopLink
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.notices import other_contacts, send_decided
from privacy.rights.proof.tokens import keyed, new_token
from privacy.rights.states.moving import Decision, MoveRefused, NotNow, locked, move

STOP = "deletion_asked"


class StopEnded(Exception):
    """This link was used, its time is over, or it never existed: all look alike."""


def send_stop_links(request: RightsRequest, case: ErasureCase) -> int:
    """Queue a message with a link of its own to every verified contact point but the one that asked; return how many.

    Raises `NotNow` if one cannot be sent: the deletion must not begin unheard.
    """
    others = other_contacts(request)
    for address in others:
        secret = new_token()
        StopLink.objects.create(request=request, secret_hash=keyed(secret, "stop"))
        sent = send_notice(
            subject=request.subject,
            channel=address.channel,
            address=address.value,
            template=STOP,
            language=request.language,
            context={
                "jurisdiction": request.jurisdiction,
                "reference": request.reference,
                "undo_until": case.due_at.isoformat(timespec="minutes"),
                "stop_url": link_to("stop_deletion", secret),
            },
            about=str(request.pk),
        )
        if sent.state == Notice.State.FAILED:
            raise NotNow(sent.last_error)
    return len(others)


def refuse_unless_links_can_be_sent(request: RightsRequest) -> None:
    """Raise `NotNow` where an address gets no security message at present, without counting one.

    A deletion that is tried again would else use up what its owner's other addresses get.
    """
    for address in other_contacts(request):
        try:
            refuse_where_used_up(
                channel=address.channel,
                address=address.value,
                person=str(request.subject_id),
                purpose=MessagePurpose.SECURITY,
            )
        except RateLimited as refused:
            raise NotNow(str(refused)) from refused


def stoppable_until(secret: str) -> datetime:
    """Return until when the link with this secret stops a deletion. Raises `StopEnded`."""
    _link, item = _stoppable(secret)
    return _case_of(item).due_at


def stop_deletion(secret: str) -> RightsRequest:
    """Keep the account, and withdraw the deletion; return its request. Raises `StopEnded`."""
    link, item = _stoppable(secret)
    case = _case_of(item)
    with transaction.atomic():
        request = locked(link.request_id)
        RequestRecord.lock_end()
        if not StopLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=Now()):
            raise StopEnded
        try:
            undo_cancellation(case=case)
            withdrawn = move(item=item, after=ItemState.WITHDRAWN, decision=Decision(answer=PortalAnswer.STOPPED))
        except (TooLateToUndo, MoveRefused) as refused:
            raise StopEnded from refused
        send_decided(request, [withdrawn])
    return request


def _stoppable(secret: str) -> tuple[StopLink, RequestItem]:
    link = StopLink.objects.filter(secret_hash=keyed(secret, "stop"), used_at__isnull=True).first()
    items = RequestItem.objects.filter(right=Right.DELETION, state=ItemState.COOLING_OFF)
    item = items.filter(request_id=link.request_id).first() if link else None
    if link is None or item is None or not _case_of(item).may_be_undone:
        raise StopEnded
    return link, item


def _case_of(item: RequestItem) -> ErasureCase:
    assert item.carried_out_by is not None  # noqa: S101 - for the type checker: it was noted when the item cooled off
    return ErasureCase.objects.get(pk=item.carried_out_by)
