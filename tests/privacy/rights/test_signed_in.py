"""A signed-in person is asked nothing twice, and a fresh sign-in is proof."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.notices.addresses import addresses_of
from privacy.notices.models import Notice
from privacy.rights.choices import Proof
from privacy.rights.models.requests import RightsRequest
from tests.app import App
from tests.children import registered_child
from tests.factories import PASSWORD, make_person, make_policy, make_user
from tests.forms import INDIVIDUAL
from tests.privacy.rights.pages import answer_it, file, send, text_of, with_email
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def _policy(db) -> None:
    make_policy("intl")


def fresh(person) -> Client:
    """A browser whose person signed in by password a moment ago."""
    client = Client()
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    return client


def test_country_and_address_are_not_asked():
    page = text_of(fresh(with_email("ada@example.com")).get("/requests/"))
    assert 'name="country"' not in page
    assert len(re.findall(r'type="radio" name="contact"', page)) == 2
    assert 'value="ada@example.com"' in page


def test_an_address_that_is_not_theirs_is_refused():
    client = fresh(with_email("ada@example.com"))
    assert send(client, contact="eve@example.com").status_code == 422
    assert not RightsRequest.objects.exists()


def test_who_has_neither_profile_nor_address_is_asked_for_both_and_the_request_is_theirs_after_a_fresh_sign_in_only():
    staff = make_user()
    for client, subject in ((client_of(staff), None), (fresh(staff), staff.subject)):
        page = text_of(client.get("/requests/"))
        assert 'name="country"' in page
        assert 'type="text" name="contact"' in page
        file(client, contact="new@example.com", country="DE")
        assert RightsRequest.objects.latest("received_at").subject == subject


def test_a_fresh_sign_in_proves_at_once():
    person = with_email("ada@example.com")
    client = fresh(person)
    page = file(client)
    request = RightsRequest.objects.get()
    assert (request.proof, request.subject, request.country) == (Proof.SIGN_IN, person.subject, "RS")
    assert not Notice.objects.filter(template="request_code").exists()
    answer_it(request)
    assert "We hold your name." in text_of(client.get(page))


def test_an_older_sign_in_is_offered_as_the_quickest_proof():
    person = with_email("ada@example.com")
    client = client_of(person)
    page = file(client)
    request = RightsRequest.objects.get()
    assert (request.proof, request.subject) == ("", person.subject)
    assert "Confirm by signing in" in text_of(client.get(page))
    asked = client.post(f"{page}sign-in/")
    assert asked["Location"].startswith("/sign-in/again/")
    again = client.post(asked["Location"], {"password": PASSWORD})
    assert again["Location"] == page
    request.refresh_from_db()
    assert request.proof == Proof.SIGN_IN


def test_nobody_proves_by_their_sign_in_what_a_stranger_filed(client: Client):
    page = file(client, contact="stranger@example.com")
    person = with_email("ada@example.com")
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    shown = text_of(client.get(page))
    assert "Your request" in shown
    assert "Confirm by signing in" not in shown
    assert client.post(f"{page}sign-in/").status_code == 404
    assert RightsRequest.objects.get().proof == ""


def test_what_was_filed_without_signing_in_is_proven_by_the_owner_of_the_address(client: Client):
    page = file(client, contact="ada@example.com")
    person = with_email("ada@example.com")
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert client.post(f"{page}sign-in/")["Location"] == page
    request = RightsRequest.objects.get()
    assert (request.proof, request.subject) == (Proof.SIGN_IN, person.subject)


def test_the_settings_show_the_requests_and_their_state():
    client = fresh(make_person())
    assert "No requests yet." in text_of(client.get("/settings/requests/"))
    phone = re.search(r'name="contact" value="(\+\d+)"', text_of(client.get("/requests/")))[1]  # type: ignore[index]
    page = file(client, contact=phone)
    assert page in text_of(client.get("/settings/requests/"))
    RightsRequest.objects.update(due_at=timezone.datetime(2026, 12, 14, 12, tzinfo=timezone.get_current_timezone()))
    assert "1 open, answered by Dec. 14, 2026" in text_of(client.get("/settings/"))
    RightsRequest.objects.update(closed_at=timezone.now() - timedelta(days=1))
    assert "1 open" not in text_of(client.get("/settings/"))
    assert "Your request" in text_of(client.get(page))


def test_the_pages_need_a_sign_in(client: Client):
    assert client.get("/settings/requests/")["Location"].startswith("/sign-in/")


def test_a_child_neither_sees_nor_chooses_the_address_of_a_guardian():
    guardianship = registered_child()
    ContactPoint.objects.update(verified_at=timezone.now())
    User.objects.update(verified_at=timezone.now())
    child = client_of(User.objects.get(subject_id=guardianship.subject_id))
    assert "parent@example.com" not in text_of(child.get("/requests/"))
    assert send(child, contact="parent@example.com").status_code == 422
    app = App()
    app.post("auth/sign-in", {"login": "mia_child", "password": INDIVIDUAL["password"]})
    question = {"contact": {"email": "parent@example.com"}, "items": [{"right": "question", "text": "x"}]}
    assert app.post("requests", question).status_code == 422
    assert [address.value for address in addresses_of(guardianship.subject)].count("parent@example.com") == 1


def test_a_deletion_is_asked_once_more_with_what_a_cancellation_warns_of_and_says_what_happened():
    registered_child()
    parent = with_email("parent@example.com")
    client = fresh(parent)
    typed = {"rights": ["deletion"], "ground": "6.3.4", "contact": "parent@example.com"}
    asked = send(client, **typed)
    assert asked.status_code == 200
    assert "the child&#x27;s account is erased, too" in text_of(asked) or "child's account is erased" in text_of(asked)
    assert not RightsRequest.objects.exists()
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text_of(asked)))
    filed = client.post("/requests/", {**carried, "is_sure": "yes"})
    request = RightsRequest.objects.get()
    assert filed["Location"] == f"/requests/{request.reference}/"
    shown = client.get(filed["Location"])
    assert shown.status_code == 200
    assert "you are signed out everywhere" in text_of(shown)
    assert "_auth_user_id" not in client.session
    assert [item.right for item in request.items.all()] == ["deletion"]


def test_a_deletion_for_somebody_else_and_one_of_a_stranger_are_filed_at_once(client: Client):
    deletion = {"rights": ["deletion"], "ground": "6.3.4"}
    file(client, **deletion)
    signed_in = fresh(with_email("ada@example.com"))
    file(signed_in, **deletion, contact="ada@example.com", about="other", attested="on")
    assert "_auth_user_id" in signed_in.session
