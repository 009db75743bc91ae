"""Messages about a request: its receipt, the code that proves who asks, and that an item was decided."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.utils import translation

from privacy.evidence.clock import database_now
from privacy.inventory.retention_classes import in_a_row
from privacy.jurisdictions.site import link_to
from privacy.notices.addresses import ContactAddress, addresses_of, own_addresses_of, owner_of
from privacy.notices.models import Notice
from privacy.notices.services import send_notice
from privacy.rights.choices import Contact, Proof
from privacy.rights.models.codes import ProofCode
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.people import living_subject
from privacy.rights.proof.tokens import keyed, link_token, new_code

RECEIPT, CODE, DECIDED = "request_received", "request_code", "request_decided"
ANSWERED, EXTENDED = "request_answered", "request_extended"
NOT_PROVEN, DOCUMENT, CARRIED_OUT = "request_not_proven", "request_document", "request_carried_out"


def request_link(request: RightsRequest) -> str:
    """Return the person's link to their request. It shows the steps; what was answered needs proof again."""
    return link_to("open_request", request.reference, link_token(request.pk))


def send_receipt(request: RightsRequest) -> None:
    """Queue the receipt of a request, with its reference, due time and link; nothing where the answer goes by post."""
    _send(request, RECEIPT, {"request_url": request_link(request)}, about=_now_due(request))


def send_decided(request: RightsRequest, items: Collection[RequestItem]) -> None:
    """Queue the message that these items were decided: once, however often it is called for the same ones."""
    about = "|".join(sorted(str(item.pk) for item in items))
    _send(request, DECIDED, {"request_url": request_link(request)}, about=about)


def send_carried_out(request: RightsRequest, items: Collection[RequestItem]) -> None:
    """Queue a message to the account's other contact points that these items were carried out.

    One mailbox is enough to ask for them: the owner hears of it where its reader does not read.
    """
    with translation.override(request.language):
        rights = in_a_row([str(item.get_right_display()) for item in items])
    about = "|".join(sorted(str(item.pk) for item in items))
    for address in other_contacts(request):
        _send(request, CARRIED_OUT, {"rights": rights, "sign_in_url": link_to("sign_in")}, to=address, about=about)


def other_contacts(request: RightsRequest) -> list[ContactAddress]:
    """Return the person's verified contact points but the one that asked.

    None if the person signed in: they proved more than an address.
    """
    person = living_subject(request)
    if request.proof == Proof.SIGN_IN or person is None:
        return []
    return [address for address in addresses_of(person) if address.value != str(request.address)]


def send_proof_code(request: RightsRequest, *, to: ContactAddress | None = None, place: int = 1) -> None:
    """Queue a new code, to the address that the person gave or to another one of their account.

    Known and unknown people get the same code at the address that they gave. No code is sent to an address that is no
    longer the person's: it would prove nothing.
    """
    if to is None and not _is_still_theirs(request):
        return
    minutes = int(settings.CODE_LIFETIME.total_seconds() // 60)
    _send(request, CODE, {"minutes": str(minutes)}, code=new_proof_code(request, place=place), to=to)


def send_answered(request: RightsRequest, *, about: str) -> Notice | None:
    """Queue the message that there is an answer, and return it; None where the answer goes by post.

    The link leads to the page of the request, which asks for proof: the message holds no data.
    """
    return _send(request, ANSWERED, {"request_url": request_link(request)}, about=about)


def send_extended(request: RightsRequest, extension: Extension, *, regulator: str) -> Notice | None:
    """Queue the notice of an extension with its reason and new due time, and return it; None for an answer by post."""
    context = {
        "request_url": request_link(request),
        "due_at": extension.due_at.isoformat(),
        "reason": extension.reason,
        "regulator": regulator,
    }
    return _send(request, EXTENDED, context, about=f"{request.pk}:{extension.decided_at.isoformat()}")


def send_not_proven(request: RightsRequest, *, may_reopen: bool) -> None:
    """Queue the message that a request was closed because no one proved who asks, with the link that reopens it."""
    link = {"request_url": request_link(request)} if may_reopen else {}
    _send(request, NOT_PROVEN, link, about=_now_due(request))


def send_document_asked(request: RightsRequest) -> None:
    """Queue the message that the page of a request takes a picture of a document."""
    about = f"{request.pk}|{request.document_asked_at.isoformat() if request.document_asked_at else ''}"
    _send(request, DOCUMENT, {"request_url": request_link(request)}, about=about)


def new_proof_code(request: RightsRequest, *, place: int = 1) -> str:
    """Store the keyed hash of a new code for a request, and return the code; an earlier code of the place ends."""
    code = new_code()
    ProofCode.objects.filter(request=request, place=place, used_at__isnull=True).delete()
    ProofCode.objects.create(
        request=request,
        place=place,
        code_hash=code_hash(request.pk, place, code),
        expires_at=database_now() + settings.CODE_LIFETIME,
        # A later proof, to read the answer, ages with the request.
        closed_at=request.closed_at,
    )
    return code


def code_hash(request_id: UUID, place: int, code: str) -> bytes:
    """Return what is stored of a code: it is of no use for another request, nor for another contact point."""
    return keyed(f"{request_id}|{place}|{code.strip()}", "code")


def _now_due(request: RightsRequest) -> str:
    """Return what tells the messages of a request apart from those after it was reopened."""
    return f"{request.pk}|{request.due_at.isoformat()}"


def _send(
    request: RightsRequest,
    template: str,
    context: dict[str, str],
    code: str = "",
    to: ContactAddress | None = None,
    about: str = "",
) -> Notice | None:
    reached = to or _reached(request)
    if reached is None:
        return None
    return send_notice(
        subject=living_subject(request),
        channel=reached.channel,
        address=reached.value,
        template=template,
        language=request.language,
        context={
            "jurisdiction": request.jurisdiction,
            "reference": request.reference,
            "due_at": request.due_at.isoformat(),
        }
        | context,
        code=code,
        about=about or str(request.pk),
    )


def _reached(request: RightsRequest) -> ContactAddress | None:
    """Return where the person of a request is reached: at the address that they gave, unless they left it.

    Then it is another contact point of theirs: somebody else may have the former one by now. None where the answer goes
    by post.
    """
    if request.contact == Contact.POST:
        return None
    if _is_still_theirs(request):
        return ContactAddress(request.contact, str(request.address))
    person = living_subject(request)
    return next(iter(own_addresses_of(person) or addresses_of(person)), None) if person else None


def _is_still_theirs(request: RightsRequest) -> bool:
    """Whether the address that was given may be that of the person of the request, as far as we know."""
    given, person = ContactAddress(request.contact, str(request.address)), living_subject(request)
    if person is None:
        return True
    own = own_addresses_of(person)
    # Who signed in without a verified contact point, or showed a document, gave an address that no account had.
    had_none = request.proof == Proof.DOCUMENT or (request.proof == Proof.SIGN_IN and not own)
    return given in own or (had_none and owner_of(given.value) is None)
