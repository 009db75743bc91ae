"""An added or removed second factor is undone like other changes; a locked account refuses every sign-in."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.security_events import notices as change_notices
from accounts.security_events.models import SecurityChange
from accounts.sessions.services import change_password
from accounts.sign_in.password_context import password_context
from accounts.staff.people import person_of
from accounts.users.epochs import BeginAgain
from accounts.users.models import User
from privacy.erasure.services import cancel_account
from tests.app import App
from tests.caches import empty_caches
from tests.changes import (
    SECURITY,
    change_contact,
    contacts,
    link_at,
    notices_by_address,
    set_up_app,
    signed_in_as,
    undo,
)
from tests.factories import PASSWORD, TOTP_SECRET, give_second_factor, make_person
from tests.passkeys import PasskeyDevice
from tests.sign_in_clients import app_code, client_of, newest_code

pytestmark = pytest.mark.django_db
PHONE, OTHER_PHONE = "+4915123456789", "+4915123450001"
EMAIL, OTHER_EMAIL = "maria@example.com", "thief@example.org"
NEW = "Granite-Piano-River-77"


# The library says only after the commit, still within the request, that a second factor changed.
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> User:
    return make_person(phone=PHONE)


def test_nothing_but_a_recovery_code_opens_a_locked_account(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    undo(link_at(PHONE))
    app = App()
    assert app.sign_in(person.username, PASSWORD).json()["code"] == "wrong_credentials"
    app.post("auth/code", {"login": PHONE})
    refused = app.post("auth/code/confirm", {"code": newest_code("sign_in_code")})
    assert (refused.status_code, refused.json()["code"]) == (403, "account_locked")
    assert app.get("me").status_code == 401
    browser = Client()
    browser.post("/recover/", {"login": PHONE})
    browser.post("/recover/code/", {"code": newest_code("recovery_code")})
    browser.post("/recover/password/", {"password": NEW})
    assert App().sign_in(person.username, NEW).json()["signed_in"] is True


def test_a_request_that_began_before_the_lock_does_not_lift_it(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    read_before = User.objects.get(pk=person.pk)
    undo(link_at(PHONE))
    with pytest.raises(BeginAgain):
        change_password(user=read_before, password=NEW)
    person.refresh_from_db()
    assert person.locked_at is not None
    assert not person.has_usable_password()


def test_the_password_that_was_known_to_an_intruder_is_not_chosen_again(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    undo(link_at(PHONE))
    browser = Client()
    browser.post("/recover/", {"login": PHONE})
    browser.post("/recover/code/", {"code": newest_code("recovery_code")})
    refused = browser.post("/recover/password/", {"password": PASSWORD})
    assert "This password no longer works. Choose another one." in refused.content.decode()
    browser.post("/recover/password/", {"password": NEW})
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert person.void_hash == ""


def test_locking_an_account_twice_keeps_the_password_void(person: User):
    person.make_password_void()
    once = person.password
    person.make_password_void()
    assert person.password == once
    assert password_context(person).is_void(PASSWORD)
    assert PASSWORD not in repr(password_context(person))
    assert person.void_hash not in repr(password_context(person))


def test_a_page_says_that_an_account_is_locked(client: Client, person: User):
    User.objects.filter(pk=person.pk).update(locked_at=dt.datetime.now(dt.UTC))
    answer = client.post("/sign-in/", {"login": person.username, "password": PASSWORD}, follow=True)
    assert "This account is locked" in answer.content.decode()
    assert client.get("/home/").status_code == 302


def test_a_session_of_a_locked_account_is_anonymous(signed_in: Client, person: User):
    User.objects.filter(pk=person.pk).update(locked_at=dt.datetime.now(dt.UTC))
    assert signed_in.get("/home/").status_code == 302


def test_a_sign_in_that_waits_at_the_second_step_does_not_pass_the_lock(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    give_second_factor(person)
    waiting = App()
    assert waiting.sign_in(person.username, PASSWORD).json()["next"] == "second_factor"
    undo(link_at(PHONE))
    assert waiting.post("auth/second-factor", {"code": app_code(TOTP_SECRET)}).status_code in (403, 409)
    assert waiting.get("me").status_code == 401


def test_staff_see_that_an_account_is_locked(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    undo(link_at(PHONE))
    person.refresh_from_db()
    assert "locked" in person_of(person).state


@pytest.mark.parametrize("path", ["auth/app", "auth/passkeys", "auth/recovery-codes"])
def test_a_factor_is_not_changed_if_the_notice_fails(person: User, monkeypatch, path: str):
    if path == "auth/recovery-codes":
        give_second_factor(person)
    app = App()
    app.sign_in(person.username, PASSWORD)
    if path == "auth/recovery-codes":
        app.post("auth/second-factor", {"code": app_code(TOTP_SECRET)})
    bodies = {
        "auth/app": lambda: {"code": app_code(app.get("auth/app").json()["secret"])},
        "auth/passkeys": lambda: {"credential": PasskeyDevice().made(app.get("auth/passkeys").json()["options"])},
        "auth/recovery-codes": dict,
    }
    body, before = bodies[path](), list(Authenticator.objects.values("pk", "data"))
    monkeypatch.setattr(change_notices, "send_notice", failing)
    app.client.raise_request_exception = False
    assert app.post(path, body).status_code == 500
    assert list(Authenticator.objects.values("pk", "data")) == before
    assert not SecurityChange.objects.exists()


def failing(**_given: object) -> None:
    raise LookupError("The keys database is away.")


def test_an_app_that_undoes_its_own_persons_change_is_answered_and_signed_out(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    app, secret = App(), link_at(PHONE).rstrip("/").rpartition("/")[2]
    app.sign_in(person.username, PASSWORD)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=7)):
        assert app.post("auth/undo", {"secret": secret}).status_code == 204
    assert app.get("me").status_code == 401


@commits
def test_an_added_app_is_removed_with_its_recovery_codes(signed_in: Client, person: User):
    set_up_app(signed_in)
    assert Authenticator.objects.filter(user=person).count() == 2
    undo(link_at(PHONE))
    assert not Authenticator.objects.filter(user=person).exists()


@commits
def test_a_removed_app_comes_back_in_place_of_the_one_that_followed(person: User):
    give_second_factor(person)
    client = signed_in_as(person)
    assert client.post(f"{SECURITY}app/remove/").status_code == 302
    link = link_at(PHONE)
    set_up_app(client)
    undo(link)
    app = Authenticator.objects.get(user=person)
    empty_caches()  # this code was used to sign in
    assert app.wrap().validate_code(app_code(TOTP_SECRET))


@commits
def test_a_removed_passkey_comes_back(person: User):
    passkey = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Passkey 1", "credential": {}})
    client_of(person).post(f"{SECURITY}passkeys/{passkey.pk}/remove/")
    assert not Authenticator.objects.exists()
    undo(link_at(PHONE))
    assert Authenticator.objects.get().data == {"name": "Passkey 1", "credential": {}}


@commits
def test_new_recovery_codes_go_when_they_are_undone(person: User):
    give_second_factor(person)
    client = signed_in_as(person)
    client.post(f"{SECURITY}recovery-codes/new/")
    assert notices_by_address()[PHONE]["what"] == "recovery_codes_made"
    undo(link_at(PHONE))
    assert [factor.type for factor in Authenticator.objects.filter(user=person)] == ["totp"]


def test_an_undo_link_opened_while_signed_in_leads_to_recovery(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    answer = signed_in.post(link_at(PHONE), follow=True)
    assert answer.redirect_chain == [("/recover/", 302)]
    assert "Your account is locked" in answer.content.decode()


def test_a_change_can_be_undone_while_the_account_is_cancelled(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    link = link_at(PHONE)
    cancel_account(subject=person.subject)
    undo(link)
    assert contacts(person) == {PHONE}
