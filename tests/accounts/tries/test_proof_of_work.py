"""A code to a number typed from an unknown network needs a proof of work."""

import base64
import json
from datetime import timedelta

import pytest
import time_machine
from altcha import v1
from django.test import Client
from django.utils import timezone

from accounts.tries import proof_of_work
from privacy.notices.models import Notice
from tests.app import App
from tests.factories import PASSWORD, make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import register

pytestmark = pytest.mark.embedded

NUMBER, ELSEWHERE = INDIVIDUAL["phone"], {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def proof_on(settings, monkeypatch):
    settings.PROOF_OF_WORK = True
    monkeypatch.setattr(proof_of_work, "MOST_NUMBERS", 50)
    make_policy("intl")


def solved(challenge: dict) -> str:
    solution = v1.solve_challenge(challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxnumber"])
    answered = {key: challenge[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(answered | {"number": solution.number}).encode()).decode()


def refused(app: App, path: str = "auth/code", **headers: str) -> dict:
    answer = app.post(path, {"login": NUMBER}, **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "proof_of_work_required")
    return answer.json()["challenge"]


@pytest.mark.parametrize("path", ["auth/code", "auth/recover"])
def test_an_app_solves_the_challenge_of_the_refusal_and_is_let_through_once(path):
    make_person(phone=NUMBER)
    app = App()
    proof = solved(refused(app, path))
    assert app.post(path, {"login": NUMBER}, proof_of_work=proof).status_code == 200
    assert Notice.objects.count() == 1
    refused(app, path, proof_of_work=proof)


def test_a_registration_by_an_app_needs_it(client):
    app = App()
    answer = app.register()
    assert answer.json()["code"] == "proof_of_work_required"
    assert app.register(headers={"proof_of_work": solved(answer.json()["challenge"])}).status_code == 201


@pytest.mark.parametrize("proof", ["", "x", "e30=", "MQ==", base64.b64encode(b"[]").decode(), "\u00e9"])
def test_what_is_no_proof_is_refused(proof):
    make_person(phone=NUMBER)
    assert refused(App(), proof_of_work=proof)["signature"]
    assert not Notice.objects.exists()


def test_a_proof_is_of_one_network_and_of_ten_minutes():
    app = App()
    of_another, late, forged = solved(refused(app)), solved(refused(app)), refused(app)
    answer = app.client.post("/api/v1/auth/code", {"login": NUMBER}, "application/json",
                             headers={"Proof-Of-Work": of_another}, **ELSEWHERE)  # fmt: skip
    assert answer.status_code == 403
    refused(app, proof_of_work=solved(forged | {"signature": "0" * 64}))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        refused(app, proof_of_work=late)


def test_a_network_with_a_recent_sign_in_needs_no_proof():
    person = make_person()
    Client().post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert App().post("auth/code", {"login": NUMBER}).status_code == 200
    assert Client().post("/recover/", {"login": NUMBER}, **ELSEWHERE).status_code == 403
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        refused(App())


def test_a_page_without_javascript_says_how_to_go_on_and_a_minute_later_it_does(client):
    answer = register(client)
    assert answer.status_code == 403
    assert "wait one minute" in answer.content.decode()
    assert register(client).status_code == 403
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert register(client).status_code == 302
        assert register(Client()).status_code == 403


def test_what_sends_no_sms_is_not_asked(client):
    assert client.post("/recover/", {"login": "maria@example.com"}).status_code == 302
    assert client.get("/register/individual/?country=DE").status_code == 200
    assert client.post("/sign-in/", {"login": NUMBER, "password": "x"}).status_code == 200


def test_switched_off_no_proof_is_needed(client, settings):
    settings.PROOF_OF_WORK = False
    assert "proof-of-work" not in client.get("/recover/").content.decode()
    assert register(client).status_code == 302
