"""Requests that tests file, and prove, and the people who file them."""

from accounts.users.models import User
from privacy.policies.grounds import DeletionGround
from privacy.rights.choices import Channel, Contact, Proof, Right
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.services import Asked, Asker, Filed, file_request, prove

ASKER = Asker("DE", "en", Contact.EMAIL, "ada@example.com")


def filed(*rights: str, text: str = "", asker: Asker = ASKER, **more: object) -> Filed:
    """A request for these rights, not proven yet; a deletion is on the ground 6.3.1."""
    grounds = {Right.DELETION: DeletionGround.UNLAWFUL}
    items = [Asked(right, text, grounds.get(Right(right), "")) for right in rights]
    return file_request(items=items, asker=asker, channel=Channel.PAGE, **more)


def proven(person: User | None, *rights: str, proof: str = Proof.ONE_CODE, **more: object) -> RightsRequest:
    """A request of a person, or of someone without an account, who proved who they are."""
    request = filed(*rights, **more).request
    prove(request=request, proof=proof, subject=person.subject if person else None)
    return request


def item_of(request: RightsRequest, right: str) -> RequestItem:
    """The item of a right, as it is now."""
    return RequestItem.objects.get(request=request, right=right)
