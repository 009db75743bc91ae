"""A deletion that was asked for without signing in is stopped by the account's other contact points, at once."""

import json

import pytest
from django.conf import settings
from django.db import connection

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.notices.models import Notice
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import Contact, ItemState, Proof
from privacy.rights.models.codes import StopLink
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.services import Asker
from tests.factories import make_person, pass_time
from tests.privacy.rights.filing import proven

MINE, OTHER = "ada@example.com", "+4915112345678"


@pytest.fixture
def person() -> User:
    """A person with an e-mail address, which asks, and a phone, which is told."""
    person = make_person(phone=OTHER)
    mark_verified(add_contact_point(subject=person.subject, field="email", value=MINE))
    return person


def asked(person: User, proof: str = Proof.ONE_CODE) -> RightsRequest:
    request = proven(person, "deletion", proof=proof, asker=Asker("DE", "en", Contact.EMAIL, MINE))
    carry_out_due()
    return request


def link() -> str:
    [sent] = Notice.objects.filter(template="deletion_asked")
    assert str(sent.address) == OTHER
    return str(json.loads(str(sent.context))["stop_url"]).removeprefix("http://testserver")


def test_the_other_contact_point_stops_it_once_without_signing_in(client, person):
    request = asked(person)
    person.refresh_from_db()
    assert not person.is_active
    page = client.get(link())
    assert page.status_code == 200
    assert ErasureCase.objects.get().state == "cooling_off"
    assert "no longer used" in page.content.decode()
    assert client.post(link()).status_code == 200
    assert ErasureCase.objects.get().state == "undone"
    item = RequestItem.objects.get(request=request)
    assert (item.state, item.answer) == (ItemState.WITHDRAWN, "stopped")
    person.refresh_from_db()
    assert person.is_active
    assert client.post(link()).status_code == client.get(link()).status_code == 410
    assert Notice.objects.filter(template="request_decided").count() == 1
    assert carry_out_due() == 0


def test_only_a_keyed_hash_of_its_secret_is_stored(person):
    asked(person)
    secret = link().strip("/").rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM privacy_stoplink")
        assert secret not in repr(cursor.fetchall())
    assert len(bytes(StopLink.objects.get().secret_hash)) == 32


def test_who_signed_in_needs_no_link(person):
    asked(person, Proof.SIGN_IN)
    assert not StopLink.objects.exists()


def test_it_is_too_late_once_the_cooling_off_is_over(client, person):
    asked(person)
    url = link()
    pass_time(ErasureCase.objects.get(), settings.COOLING_OFF)
    assert client.get(url).status_code == client.post(url).status_code == 410
    assert ErasureCase.objects.get().state == "cooling_off"
    erase_due_accounts()
    assert not StopLink.objects.exists()
    assert client.get(url).status_code == 410


@pytest.mark.parametrize("secret", ["x", "0" * 43, "é"])
def test_a_guess_finds_nothing(client, person, secret):
    asked(person)
    assert client.post(f"/stop-deletion/{secret}/").status_code == 410


def test_a_deletion_that_joins_a_cancellation_sends_no_links_of_its_own(person):
    asked(person)
    asked(person)
    assert StopLink.objects.count() == 1
