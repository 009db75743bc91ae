"""Strangers file request after request for one address: its owner gets security messages and codes, and can prove."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.notices.limits import LIMITS, MessagePurpose
from privacy.notices.models import Notice
from privacy.notices.services import send_notice
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import ItemState
from privacy.rights.models.requests import RightsRequest
from privacy.rights.proof.proving import check_code
from privacy.rights.services import Asker
from tests.app import App
from tests.factories import make_person, make_policy
from tests.privacy.rights.filing import filed, item_of
from tests.privacy.rights.pages import code_to, confirm, file, wrong_code

MAIL, PHONE = "ada@example.com", "+4915112345678"


@pytest.fixture
def owner(settings) -> User:
    """A person with a phone and a mailbox, and the limits on."""
    make_policy("intl", label="1")
    owner = make_person(phone=PHONE)
    mark_verified(add_contact_point(subject=owner.subject, field="email", value=MAIL))
    settings.RATE_LIMITS = True
    return owner


def flood(times: int, network: str = "10.3.0", **contact: str) -> list[int]:
    """File requests for an address from one caller; return how each was answered."""
    question = {"country": "DE", "contact": contact, "items": [{"right": "question", "text": "x"}]}
    return [app(f"{network}.1").post("requests", question).status_code for _number in range(times)]


def app(address: str = "10.8.8.8") -> App:
    made = App()
    made.client = Client(REMOTE_ADDR=address)
    return made


def test_a_flood_leaves_the_owner_security_messages(owner, monkeypatch):
    monkeypatch.setitem(LIMITS[MessagePurpose.SECURITY], "address", (10, 10))
    for number in range(1, 9):
        flood(7, f"10.{number}.0", email=MAIL)
    sent = send_notice(
        subject=owner.subject, channel="email", address=MAIL, template="password_changed", language="en", context={}
    )
    assert sent.state == "queued"


def test_one_network_has_few_codes_sent_to_an_address_and_the_owner_files(owner):
    assert flood(14, email=MAIL).count(201) == 6
    deletion = {"country": "DE", "contact": {"email": MAIL}, "items": [{"right": "deletion", "ground": "6.3.1"}]}
    assert app().post("requests", deletion).status_code == 201


@pytest.mark.parametrize("path", ["auth/code", "auth/recover"])
def test_many_networks_leave_the_owner_the_codes_of_signing_in(owner, path):
    for number in range(1, 9):
        flood(7, f"10.{number}.0", email=MAIL)
    assert app().post(path, {"login": MAIL}).status_code in {200, 202}


def test_a_stranger_who_guesses_does_not_keep_the_owner_from_proving(owner):
    for number in range(7):
        stranger = Client(REMOTE_ADDR=f"10.9.{number}.1")
        page = file(stranger, contact=MAIL, rights=["question"], text="x")
        for _try in range(5):
            confirm(stranger, page, wrong_code())
    client = Client(REMOTE_ADDR="10.8.8.8")
    page = file(client, contact=MAIL, rights=["deletion"], ground="6.3.4")
    assert confirm(client, page, code_to(MAIL)).status_code == 302


def test_one_network_guesses_few_codes_of_an_address(owner):
    stranger = Client(REMOTE_ADDR="10.9.0.1")
    page = file(stranger, contact=MAIL, rights=["question"], text="x")
    answers = [confirm(stranger, page, wrong_code()).status_code for _try in range(31)]
    assert (answers[29], answers[30]) == (422, 429)


def use_up_security_messages(owner: User) -> None:
    for number in range(31):
        send_notice(
            subject=owner.subject,
            channel="sms",
            address=PHONE,
            template="password_changed",
            language="en",
            context={},
            about=str(number),
        )


def proven_deletion() -> RightsRequest:
    request = filed("deletion", asker=Asker("DE", "en", "email", MAIL)).request
    check_code(request=request, code=code_to(MAIL))
    return request


def test_a_deletion_waits_while_its_stop_link_cannot_be_sent(owner):
    use_up_security_messages(owner)
    request = proven_deletion()
    carry_out_due()
    assert not ErasureCase.objects.exists()
    assert item_of(request, "deletion").state == ItemState.PROVEN
    cache.clear()  # the hour is over
    carry_out_due()
    assert Notice.objects.get(template="deletion_asked").state == "queued"
    assert ErasureCase.objects.get().state == "cooling_off"


def test_a_deletion_that_joins_a_cancellation_waits_for_no_message(owner):
    cancel_account(subject=owner.subject)
    use_up_security_messages(owner)
    request = proven_deletion()
    carry_out_due()
    assert item_of(request, "deletion").state == ItemState.COOLING_OFF
