"""Signing in by username, phone number or verified e-mail; known and unknown people get the same answer."""

from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.test import Client

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from tests.erasures import pass_time
from tests.factories import PASSWORD, make_person, make_user


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"login": login, "password": password} | more)


@pytest.fixture
def person() -> User:
    user = make_person(phone="+8613800138000", jurisdiction="cn")
    mark_verified(add_contact_point(subject=user.subject, field="email", value="Maria@example.com"))
    return user


@pytest.mark.parametrize(
    "login", ["+8613800138000", "+86 138 0013 8000", "13800138000", "maria@EXAMPLE.com", " +86 (138) 0013-8000 "]
)
def test_a_verified_contact_point_signs_in_however_it_is_written(client: Client, person: User, login: str):
    assert sign_in(client, login).headers["Location"] == "/home/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_username_signs_in_whatever_its_case(client: Client):
    make_user(username="Straße_1")
    assert sign_in(client, "STRASSE_1").headers["Location"] == "/home/"


def test_an_unverified_contact_point_does_not_sign_in(client: Client):
    user = make_person()
    add_contact_point(subject=user.subject, field="email", value="later@example.com")
    assert sign_in(client, "later@example.com").status_code == 200


@pytest.mark.parametrize("login", ["nobody", "+4915123450000", "nobody@example.com"])
def test_unknown_people_and_wrong_passwords_get_the_same_page_after_one_hash(client: Client, login: str):
    known = make_user()
    hasher = type(get_hasher())
    pages = []
    for name, password in ((login, PASSWORD), (known.username, "wrong")):
        with (
            patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode,
            patch.object(hasher, "verify", autospec=True, side_effect=hasher.verify) as verify,
        ):
            answer = sign_in(client, name, password)
        assert encode.call_count + verify.call_count == 1
        pages.append((answer.status_code, "Your sign-in details are wrong" in answer.content.decode()))
    assert pages == [(200, True), (200, True)]


def test_a_cancelled_person_is_sent_to_the_one_page_that_can_undo_it(client: Client):
    user = make_person()
    cancel_account(subject=user.subject)
    assert sign_in(client, user.username).headers["Location"] == "/sign-in/undo/"
    assert "_auth_user_id" not in client.session
    assert client.get("/home/").status_code == 302
    client.post("/sign-in/undo/")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_undo_page_says_so_once_it_is_too_late(client: Client, method: str):
    user = make_person()
    case = cancel_account(subject=user.subject)
    sign_in(client, user.username)
    pass_time(case, settings.COOLING_OFF)
    answer = getattr(client, method)("/sign-in/undo/", follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "can no longer keep this account" in page
    assert f"/receipts/{case.reference}/" in page
    assert "Keep my account" not in page
    assert not User.objects.get().is_active


def test_the_undo_page_needs_a_password(client: Client):
    cancel_account(subject=make_person().subject)
    assert client.post("/sign-in/undo/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    ("following", "lands"),
    [("/settings/profile/", "/settings/profile/"), ("https://evil.example/", "/home/"), ("//evil.example", "/home/")],
)
def test_next_leads_only_into_the_portal(client: Client, following: str, lands: str):
    user = make_user()
    assert sign_in(client, user.username, next=following).headers["Location"] == lands


def test_signing_out_takes_a_form_and_ends_the_session(client: Client):
    user = make_user()
    sign_in(client, user.username)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert "_auth_user_id" not in client.session
