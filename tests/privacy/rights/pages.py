"""File, open and prove requests on their pages, as a browser does."""

import re
from datetime import timedelta
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.notices.models import Notice
from privacy.policies.grounds import RetentionGround
from privacy.rights.choices import ItemState
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from privacy.rights.proof.tokens import link_token
from privacy.rights.states.moving import Decision, move
from tests.factories import make_person
from tests.sign_in_clients import code_in

ACCESS = {"rights": ["access"], "contact": "ada@example.com", "country": "DE", "text": ""}
REASONS = Decision(
    exception=RetentionGround.OTHER_LAW,
    legal_basis="HGB § 257",
    kept=["account"],
    kept_until=timezone.now() + timedelta(days=400),
    regulator="BfDI",
    court="Verwaltungsgericht",
    role="Privacy officer",
)


def send(client: Client, **data: object) -> HttpResponse:
    """Send the form with everything right but `data`."""
    return client.post("/requests/", ACCESS | {"submission": str(uuid4())} | data)


def file(client: Client, **data: object) -> str:
    """File a request with everything right but `data`; return the address of its page."""
    answer = send(client, **data)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def opened_elsewhere(request: RightsRequest) -> Client:
    """Another browser, which opened the link of a request and proved nothing."""
    client = Client()
    client.get(f"/requests/{request.reference}/{link_token(request.pk)}/")
    return client


def text_of(page: HttpResponse) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


def codes() -> list[tuple[str, str]]:
    """The addresses and codes of the messages that prove a request."""
    found = Notice.objects.filter(template="request_code").order_by("due_at", "id")
    return [(str(notice.address), code_in(notice)) for notice in found]


def code_to(address: str) -> str:
    """The newest code that was sent to an address."""
    return [code for to, code in codes() if to == address][-1]


def wrong_code() -> str:
    """A code that was sent to no one."""
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in dict(codes()).values())


def confirm(client: Client, page: str, code: str) -> HttpResponse:
    return client.post(f"{page}confirm/", {"code": code})


def answer_it(request: RightsRequest, text: str = "We hold your name.") -> None:
    RequestMessage.objects.create(
        request=request,
        kind=RequestMessage.Kind.ANSWER,
        language="en",
        text=text,
        written_by=request.pk,
        role="Privacy officer",
        at=timezone.now(),
    )


def with_email(address: str) -> User:
    """A person with a phone and a verified e-mail address."""
    person = make_person()
    mark_verified(add_contact_point(subject=person.subject, field="email", value=address))
    return person


def without_what_differs(page: HttpResponse, request: RightsRequest, address: str) -> bytes:
    """A page without its reference, its address, its times and its random token."""
    content = page.content.replace(request.reference.encode(), b"REFERENCE").replace(address.encode(), b"ADDRESS")
    content = re.sub(rb'datetime="[^"]+">[^<]*<', b"TIME", content)
    content = re.sub(rb"We answer by [^<]+<", b"DUE", content)
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"CSRF", content)


def close_unproven(request: RightsRequest, ago: timedelta) -> None:
    """Close a request as not proven, as if that were some time ago."""
    move(item=request.items.get(), after=ItemState.NOT_PROVEN)
    RightsRequest.objects.update(closed_at=timezone.now() - ago)
    RequestItem.objects.update(decided_at=timezone.now() - ago)
