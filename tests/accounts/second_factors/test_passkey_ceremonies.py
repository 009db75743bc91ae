"""A passkey challenge answers one ceremony, for one person, once, within five minutes."""

import datetime as dt
import json
import re
from html import unescape

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from fido2.server import Fido2Server

from accounts.sessions.models import Session
from accounts.users.epochs import begin_new_epoch
from accounts.users.models import User
from tests.app import App
from tests.factories import PASSWORD, make_person
from tests.passkeys import PasskeyDevice


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def key(owner: User) -> PasskeyDevice:
    return PasskeyDevice().set_up(owner)


def waiting_app(user: User) -> tuple[App, dict]:
    """An app whose sign-in waits for the second factor, and the challenge that it was given."""
    app = App()
    assert app.sign_in(user.username, PASSWORD).json()["next"] == "second_factor"
    return app, app.get("auth/second-factor").json()["options"]


def signed_in_app(user: User, key: PasskeyDevice) -> App:
    app, options = waiting_app(user)
    assert app.post("auth/second-factor", {"credential": key.answer(options)}).json()["signed_in"]
    return app


def by_passkey(app: App, credential: dict) -> str:
    answer = app.post("auth/passkey", {"credential": credential}).json()
    return "signed in" if answer.get("signed_in") else answer["code"]


def test_a_passkey_signs_in(owner, key):
    app = App()
    assert by_passkey(app, key.answer(app.get("auth/passkey").json()["options"])) == "signed in"
    assert app.get("me").status_code == 200


def test_a_challenge_of_a_second_step_signs_in_no_other_person(owner, key):
    mine = make_person()
    PasskeyDevice().set_up(mine)
    app, options = waiting_app(mine)
    assert options["publicKey"]["userVerification"] == "preferred"
    assert by_passkey(app, key.answer(options, verified=False)) == "wrong_second_factor"
    assert not app.get("auth/session").json()["signed_in"]


def test_a_verified_user_changes_nothing_about_whose_challenge_it_is(owner, key):
    mine = make_person()
    PasskeyDevice().set_up(mine)
    app, options = waiting_app(mine)
    assert by_passkey(app, key.answer(options)) == "wrong_second_factor"


def test_the_passwordless_entrance_takes_no_passkey_that_did_not_verify_its_user(key):
    app = App()
    options = app.get("auth/passkey").json()["options"]
    assert by_passkey(app, key.answer(options, verified=False)) == "wrong_second_factor"


def test_the_passwordless_entrance_looks_at_the_flag_itself(key, monkeypatch):
    kept = Fido2Server._make_internal_state
    lax = staticmethod(lambda challenge, _verification: kept(challenge, None))
    monkeypatch.setattr(Fido2Server, "_make_internal_state", lax)
    app = App()
    options = app.get("auth/passkey").json()["options"]
    assert by_passkey(app, key.answer(options, verified=False)) == "wrong_second_factor"


@pytest.mark.parametrize("begun_at", ["auth/again", "auth/passkeys"])
def test_a_challenge_of_one_ceremony_answers_no_other(owner, key, begun_at: str):
    app = signed_in_app(owner, key)
    options = app.get(begun_at).json()["options"]
    if begun_at != "auth/again":
        assert app.post("auth/again", {"credential": key.answer(options)}).json()["code"] == "wrong_second_factor"
        options = app.get(begun_at).json()["options"]
    if begun_at != "auth/passkeys":
        made = PasskeyDevice().made({"publicKey": options["publicKey"] | {"user": {"id": ""}}})
        assert app.post("auth/passkeys", {"credential": made}).json()["code"] == "wrong_second_factor"
        options = app.get(begun_at).json()["options"]
    assert by_passkey(app, key.answer(options)) == "already_signed_in"
    assert app.get("auth/passkey").json()["code"] == "already_signed_in"


def test_a_second_step_takes_no_challenge_of_the_passwordless_entrance(owner, key):
    app, _options = waiting_app(owner)
    options = app.get("auth/passkey").json()["options"]
    answer = app.post("auth/second-factor", {"credential": key.answer(options)})
    assert answer.json()["code"] == "wrong_second_factor"


def test_a_challenge_is_gone_after_a_wrong_answer(owner, key):
    app, options = waiting_app(owner)
    stranger = PasskeyDevice().set_up(make_person())
    for credential in (stranger.answer(options), key.answer(options)):
        assert app.post("auth/second-factor", {"credential": credential}).json()["code"] == "wrong_second_factor"


def test_an_answer_works_once_even_for_a_request_that_read_the_session_before(key):
    app = App()
    options = app.get("auth/passkey").json()["options"]
    read_before, token = Session.objects.get(), app.token
    credential = key.answer(options)
    assert by_passkey(app, credential) == "signed in"
    read_before.save(force_insert=True)
    assert by_passkey(App(token), credential) == "wrong_second_factor"


def test_a_challenge_ends_after_five_minutes(key):
    app = App()
    options = app.get("auth/passkey").json()["options"]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=5, seconds=1)):
        assert by_passkey(app, key.answer(options)) == "wrong_second_factor"


def test_a_challenge_is_void_after_the_account_changed(owner, key):
    app = signed_in_app(owner, key)
    options = app.get("auth/again").json()["options"]
    begin_new_epoch([owner.subject_id])
    assert app.post("auth/again", {"credential": key.answer(options)}).json()["code"] == "wrong_second_factor"


def test_a_passkey_is_a_fresh_sign_in_for_a_person_without_an_app(owner, key, settings):
    app = signed_in_app(owner, key)
    with time_machine.travel(timezone.now() + settings.FRESH_SIGN_IN * 2):
        assert app.get("auth/passkeys").json()["code"] == "fresh_sign_in_required"
        offered = app.get("auth/again").json()
        assert offered["app"] is False
        assert app.post("auth/again", {"credential": key.answer(offered["options"])}).status_code == 204
        assert app.get("auth/passkeys").status_code == 200


def test_a_passkey_is_added_by_the_challenge_for_that_only(owner):
    app = App()
    app.sign_in(owner.username, PASSWORD)
    device = PasskeyDevice()
    assert app.post("auth/passkeys", {"credential": {}}).status_code == 422
    options = app.get("auth/passkeys").json()["options"]
    assert app.post("auth/passkeys", {"credential": device.made(options)}).status_code == 201
    assert Authenticator.objects.filter(user=owner, type="webauthn").count() == 1


def test_a_passkey_that_does_not_verify_its_user_is_not_added(owner):
    app = App()
    app.sign_in(owner.username, PASSWORD)
    options = app.get("auth/passkeys").json()["options"]
    made = PasskeyDevice().made(options, verified=False)
    assert app.post("auth/passkeys", {"credential": made}).json()["code"] == "wrong_second_factor"


def options_of(page: str) -> dict:
    return json.loads(unescape(re.search(r'data-options="([^"]+)"', page)[1]))


def test_the_pages_bind_their_challenges_too(client: Client, owner, key):
    mine = make_person()
    PasskeyDevice().set_up(mine)
    client.post("/sign-in/", {"login": mine.username, "password": PASSWORD})
    options = options_of(client.get("/sign-in/second-step/").content.decode())
    for verified in (False, True):
        answer = client.post("/sign-in/passkey/", key.typed(options, verified=verified))
        assert answer.headers["Location"] == "/sign-in/"
    assert client.get("/home/").status_code == 302


def test_the_pages_take_a_passkey_at_each_entrance(client: Client, owner, key):
    answer = client.post("/sign-in/passkey/", key.typed(client.get("/sign-in/passkey/").json()))
    assert answer.headers["Location"] == "/home/"
    client.post("/sign-out/")
    client.post("/sign-in/", {"login": owner.username, "password": PASSWORD})
    options = options_of(client.get("/sign-in/second-step/").content.decode())
    assert client.post("/sign-in/second-step/", key.typed(options)).headers["Location"] == "/home/"
    options = options_of(client.get("/sign-in/again/").content.decode())
    assert client.post("/sign-in/again/", key.typed(options)).headers["Location"] == "/home/"


@pytest.mark.parametrize("algorithm", [-9999, -65535])
def test_a_passkey_of_an_unknown_algorithm_is_not_added(owner: User, algorithm: int):
    app = App()
    app.sign_in(owner.username, PASSWORD)
    options = app.get("auth/passkeys").json()["options"]
    answer = app.post("auth/passkeys", {"credential": PasskeyDevice(algorithm).made(options)})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_second_factor")
    assert not Authenticator.objects.exists()


def test_a_key_of_an_unknown_algorithm_that_was_added_before_opens_nothing(owner: User):
    key = PasskeyDevice(-9999).set_up(owner)
    app, options = waiting_app(owner)
    answer = app.post("auth/second-factor", {"credential": key.answer(options)})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_second_factor")
    other = App()
    assert by_passkey(other, key.answer(other.get("auth/passkey").json()["options"])) == "wrong_second_factor"
