"""Requests for the tests of what staff do, and their pages."""

from typing import Any
from uuid import uuid4

from django.urls import reverse

from accounts.users.models import User
from privacy.operations.roles import PRIVACY_OFFICER
from privacy.rights.answering.answers import send_answer
from privacy.rights.answering.extensions import extend
from privacy.rights.choices import Channel, Contact, Proof
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from privacy.rights.services import Asked, Asker, file_request, prove
from privacy.subjects.models import DataSubject
from tests.factories import make_staff
from tests.sign_in_clients import client_of

GROUND = "6.3.1"
QUEUE = reverse("admin:privacy_rightsrequest_changelist")


def filed(*rights: str, country: str = "DE", language: str = "en", **more: Any) -> RightsRequest:
    """A request for these rights, with an address that belongs to no one."""
    items = [Asked(right, f"My words on {right}", GROUND if right == "deletion" else "") for right in rights]
    asker = Asker(country, language, Contact.EMAIL, "ada@example.com")
    return file_request(items=items, asker=asker, **({"channel": Channel.PAGE} | more)).request


def proven(*rights: str, subject: DataSubject | None = None, **more: Any) -> RightsRequest:
    """A request whose person is known."""
    request = filed(*rights, **more)
    prove(request=request, proof=Proof.ONE_CODE, subject=subject)
    return request


def with_staff(request: RightsRequest) -> RequestItem:
    """The only item of a request, in the hands of staff."""
    RequestItem.objects.filter(request=request).update(state="with_staff")
    return request.items.get()


def answered(request: RightsRequest) -> RequestMessage:
    """An answer of staff, whose message waits to be sent."""
    return send_answer(request=request, text="Here you are.", by=uuid4(), role="Support")


def extended(request: RightsRequest) -> Extension:
    """A longer time for a request, which waits for its message."""
    return extend(request=request, days=45, reason="complex", text="Much to read.", by=uuid4(), role="Support")


def page(request: RightsRequest, act: str = "change", *more: object) -> str:
    """The address of the page of a request, or of an act."""
    return reverse(f"admin:privacy_rightsrequest_{act}", args=[request.pk, *more])


def officer(name: str = "officer") -> User:
    """A privacy officer."""
    return make_staff(PRIVACY_OFFICER, username=name)


def read(user: User, address: str) -> str:
    """What a member of staff reads at an address."""
    answer = client_of(user).get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()
