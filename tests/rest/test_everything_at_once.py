"""One answer lists all errors of a request."""

import base64
import json

import pytest
from altcha import v1
from django.core.cache import cache
from django.test import Client

from accounts.tries import proof_of_work
from accounts.users.models import User
from privacy.notices.models import Notice
from tests.app import App, registered
from tests.factories import PASSWORD, make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import newest_code, register, shown_text

SHORT = "abc"


@pytest.fixture(autouse=True)
def _policy():
    make_policy("intl")


def said(answer) -> dict[str, list[str]]:
    assert answer.status_code in (403, 422), answer.content
    return {path: [each["code"] for each in found] for path, found in answer.json()["errors"].items()}


@pytest.mark.parametrize("country", ["", "Germany", "ZZ", None])
def test_a_registration_without_a_country_hears_what_else_is_wrong(country):
    app = App()
    policy = app.get("policies/current?country=DE").json()
    consent = {"policy": policy["digest"], "language": "en", "agreed": False, "birth_month": {"year": "x"}}
    body = {"name": "\u200b", "username": "x", "password": SHORT, "phone": "0151 1", "country": country}
    answer = app.post("registrations/individual", body | {"consent": consent})
    assert said(answer).keys() == {
        "country",
        "name",
        "username",
        "password",
        "consent.agreed",
        "consent.birth_month.year",
        "consent.birth_month.month",
    }


def test_a_national_number_is_not_refused_for_a_country_that_is_missing():
    app = App()
    policy = app.get("policies/current?country=DE").json()
    consent = {"policy": policy["digest"], "language": "en", "agreed": True, "birth_month": {"year": 1990, "month": 5}}
    body = {"name": "Jörg", "username": "joerg_gross", "password": INDIVIDUAL["password"]}
    for number, errors in (("01512 3456789", {"country"}), ("+49 1", {"country", "phone"})):
        answer = app.post("registrations/individual", body | {"phone": number, "country": "", "consent": consent})
        assert said(answer).keys() == errors


def test_a_password_is_compared_with_what_is_refused_too():
    answer = App().register(name="Wolfgang\u202eLindenbaum", password="Lindenbaum-Quartz-Orbit")
    assert said(answer) == {"name": ["invalid_characters"], "password": ["password_too_similar"]}


def test_an_agreement_to_an_old_text_is_said_beside_the_fields():
    app = App()
    old = app.get("policies/current?country=DE").json()["digest"]
    new = make_policy("intl", text="Something else.")
    answer = app.register(policy=old, phone="+49 1")
    assert said(answer) == {"phone": ["invalid_phone"], "consent.policy": ["policy_not_in_force"]}
    assert (answer.json()["version"], answer.json()["digest"]) == (new.label, new.digest)
    alone = app.register(policy=old)
    assert (alone.status_code, alone.json()["code"], alone.json()["digest"]) == (409, "policy_not_in_force", new.digest)


def test_a_page_says_what_to_correct_first_and_that_the_text_is_another_before_anything_is_agreed_to(client: Client):
    typed = INDIVIDUAL | {"country": "DE"} | shown_text(client)
    new = make_policy("intl", text="Something else.")
    answer = client.post("/register/individual/", typed | {"phone": "123"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"phone"}
    answer = client.post("/register/individual/", typed | {"step": "check"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'name="policy" value="{new.digest}"' in page
    assert "A different privacy policy now applies to you" in page
    again = register(client)
    assert again.status_code == 302


def test_what_an_act_of_consent_lacks_is_said_beside_what_is_wrong():
    app = registered()
    old = app.get("policies/current?country=DE").json()["digest"]
    assert said(app.post("me/consents", {"act": "accepted", "purposes": ["nope"], "x": 1})).keys() == {
        "purposes.0",
        "x",
        "policy",
        "language",
        "agreed",
    }
    new = make_policy("intl", text="Something else.")
    answer = app.post("me/consents", {"act": "accepted", "policy": old, "language": "en", "agreed": True})
    assert said(answer) == {"purposes": ["required"], "policy": ["policy_not_in_force"]}
    assert answer.json()["digest"] == new.digest
    assert said(app.post("me/consents", {"act": "granted", "agreed": "yes"})).keys() == {"agreed", "purpose"}
    assert said(app.post("me/consents", {"purpose": "nope"})).keys() == {"act", "purpose"}


def test_another_jurisdiction_is_said_beside_the_fields(client: Client):
    app = registered()
    answer = app.send("PATCH", "me", {"country": "CN", "username": "x", "time_zone": "Nope/Nope", "subject": "x"})
    assert said(answer).keys() == {"country", "username", "time_zone", "subject"}
    assert answer.json()["errors"]["country"][0]["code"] == "other_jurisdiction"
    client.force_login(User.objects.get())
    page = client.post("/settings/profile/", {"country": "CN", "username": "x", "name": "Jörg"})
    assert {"country", "username"} <= page.context["form"].errors.keys()


@pytest.mark.parametrize(
    ("path", "body", "errors"),
    [
        ("auth/sign-in", {"login": "0151 2345", "device": 7, "x": 1, "device_name": 7, "password": "x"},
         {"login", "device", "x", "device_name"}),
        ("auth/code", {"login": "0151 2345", "device": 7}, {"login", "device"}),
        ("auth/recover", {"login": "0151 2345", "x": 7}, {"login", "x"}),
        ("auth/code/confirm", {"code": "12", "device": 7, "device_name": "x" * 61}, {"code", "device", "device_name"}),
    ],
)  # fmt: skip
def test_type_and_value_are_refused_in_one_answer(path: str, body: dict, errors: set[str]):
    assert said(App().post(path, body)).keys() == errors


def test_a_missing_present_password_is_said_beside_a_weak_new_one():
    app = registered()
    assert said(app.post("auth/password", {"password": SHORT, "x": 1})).keys() == {"current", "password", "x"}


def test_both_questions_of_the_fields_are_checked():
    assert said(App().get("fields?kind=robot&country=Germany")).keys() == {"kind", "country"}


class TestWithProofOfWork:
    """`PROOF_OF_WORK=on`: an app hears of wrong values before it works, and a proof is not lost with them."""

    @pytest.fixture(autouse=True)
    def _on(self, settings, monkeypatch):
        settings.PROOF_OF_WORK = True
        monkeypatch.setattr(proof_of_work, "MOST_NUMBERS", 50)

    def solved(self, challenge: dict) -> str:
        solution = v1.solve_challenge(challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxnumber"])
        answered = {key: challenge[key] for key in ("algorithm", "challenge", "salt", "signature")}
        return base64.b64encode(json.dumps(answered | {"number": solution.number}).encode()).decode()

    def test_the_challenge_comes_with_what_is_wrong(self):
        answer = App().register(phone="+49 1", agreed=False)
        assert answer.json()["code"] == "proof_of_work_required"
        assert said(answer).keys() == {"phone", "consent.agreed"}
        proof = self.solved(answer.json()["challenge"])
        assert App().register(headers={"proof_of_work": proof}).status_code == 201

    @pytest.mark.parametrize("path", ["auth/code", "auth/recover"])
    def test_the_challenge_of_a_code_comes_with_what_is_wrong(self, path: str):
        answer = App().post(path, {"login": "0151 2345", "x": 1})
        assert answer.json()["code"] == "proof_of_work_required"
        assert said(answer).keys() == {"login", "x"}

    def test_a_proof_counts_until_something_was_sent(self):
        proof = self.solved(App().register().json()["challenge"])
        for wrong in ({"phone": "+49 1"}, {"policy": "0" * 64}, {"username": "x"}):
            assert App().register(**wrong, headers={"proof_of_work": proof}).status_code in (409, 422)
        assert App().register(headers={"proof_of_work": proof}).status_code == 201
        assert App().register(username="another", headers={"proof_of_work": proof}).status_code == 403

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("registrations/individual", None),
            ("registrations/enterprise", None),
            ("auth/code", {"login": "+4915123456789"}),
            ("auth/recover", {"login": "+4915123456789"}),
        ],
    )
    def test_nothing_is_done_without_a_proof(self, path: str, body: dict | None):
        person = make_person(phone="+4915123456789")
        kind = path.rpartition("/")[2]
        answer = App().post(path, body) if body else App().register(kind=kind, phone="+4915123456700")
        assert (answer.status_code, answer.json()["code"]) == (403, "proof_of_work_required")
        assert "errors" not in answer.json()
        assert list(User.objects.all()) == [person]
        assert newest_code("sign_in_code") == newest_code("recovery_code") == ""

    def test_a_proof_of_a_request_that_sent_a_code_is_used_up_whatever_the_answer_says(self):
        person, app, number = make_person(), App(), {"login": "+4915123456789"}
        app.sign_in(person.username, PASSWORD)
        app.post("me/cancellation", {"confirmed": True})
        assert app.sign_in(person.username, PASSWORD).json()["code"] == "account_cancelled"
        app.token = app.sign_in(person.username, PASSWORD).json()["token"]
        cache.clear()  # the network is no longer known
        proof = self.solved(app.post("auth/code", number).json()["challenge"])
        app.post("auth/code", number, proof_of_work=proof)
        sent = Notice.objects.filter(template="sign_in_code").count()
        again = app.post("auth/code", number, proof_of_work=proof)
        assert (again.status_code, again.json()["code"]) == (403, "proof_of_work_required")
        assert Notice.objects.filter(template="sign_in_code").count() == sent == 1

    def test_a_retry_with_the_same_key_comes_with_its_proof(self):
        person, app, key = make_person(phone="+4915123456789"), App(), "0123456789abcdef"
        challenge = app.post("auth/code", {"login": person.username}).json()["challenge"]
        assert app.post("auth/code", {"login": "a@b.example"}, proof_of_work=self.solved(challenge)).status_code == 200
        assert app.token  # a session that waits for a code: its keys count
        first = app.post("auth/recover", {"login": "+4915123456789"}, idempotency_key=key)
        proof = self.solved(first.json()["challenge"])
        again = app.post("auth/recover", {"login": "+4915123456789"}, idempotency_key=key, proof_of_work=proof)
        assert (first.status_code, again.status_code) == (403, 200)
