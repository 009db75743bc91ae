"""Recovery: a code to a verified contact point, then a new password; unknown people see the same pages."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.notices.models import Notice
from privacy.notices.services import send_due_codes, send_due_notices
from tests.app import App
from tests.factories import make_person
from tests.sign_in_clients import newest_code

PHONE, NEW = "+4915123456789", "Granite-Piano-River-77"


@pytest.fixture
def person() -> User:
    return make_person(phone=PHONE)


def recover(client: Client) -> None:
    client.post("/recover/", {"login": PHONE})
    client.post("/recover/code/", {"code": newest_code("recovery_code")})


def test_the_whole_path_sets_a_new_password_and_ends_every_session(client: Client, person: User):
    other = Client()
    other.force_login(person)
    recover(client)
    answer = client.post("/recover/password/", {"password": NEW})
    assert answer.headers["Location"] == "/sign-in/"
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert not Session.objects.filter(subject_id=person.subject_id).exists()
    assert other.get("/home/").status_code == 302
    assert Notice.objects.filter(template="password_changed").count() == 1


def test_unknown_people_see_the_same_pages_and_nothing_is_sent(client: Client):
    answer = client.post("/recover/", {"login": "+4915199999999"})
    assert answer.headers["Location"] == "/recover/code/"
    assert "This code is wrong or has expired" in client.post("/recover/code/", {"code": "123456"}).content.decode()
    assert send_due_notices() == 0
    assert not Notice.objects.exists()


def test_without_the_code_there_is_no_new_password(client: Client, person: User):
    client.post("/recover/", {"login": PHONE})
    assert client.post("/recover/password/", {"password": NEW}).headers["Location"] == "/recover/"
    person.refresh_from_db()
    assert not person.check_password(NEW)


def test_the_proof_does_not_last(client: Client, person: User):
    recover(client)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert client.post("/recover/password/", {"password": NEW}).headers["Location"] == "/recover/"


@pytest.mark.parametrize("path", ["/recover/", "/sign-in/code/", "auth/recover", "auth/code"])
def test_a_username_is_refused_by_its_shape_whether_or_not_it_exists(client: Client, person: User, path: str):
    def said(login: str) -> str:
        answer = client.post(path, {"login": login}) if path[0] == "/" else App().post(path, {"login": login})
        assert answer.status_code == (200 if path[0] == "/" else 422)
        return answer.content.decode()

    assert "We cannot send a code to a username." in said(person.username)
    assert "We cannot send a code to a username." in said("nobody_here")
    assert "like name@example.com" in said("nobody@example")
    assert newest_code("recovery_code") == ""
    assert send_due_codes() == 0
    assert not Notice.objects.filter(template="recovery_code").exists()


def test_the_pages_say_what_to_type(client: Client):
    for path in ("/recover/", "/sign-in/code/"):
        assert "Enter one that you have verified, not your username." in client.get(path).content.decode()


def test_a_new_password_follows_the_rules(client: Client, person: User):
    recover(client)
    assert "easy to guess" in client.post("/recover/password/", {"password": "password1234"}).content.decode()
