"""A retry with the same Idempotency-Key is answered as the first request was, and does nothing twice."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from accounts.sessions.services import end_sessions
from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.encryption.keys import KeyDestroyed, destroy_keys
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import unseal_for_system
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.rest.models import AnsweredRequest
from privacy.rest.retries import SYSTEM_KEY, _opened, forget_expired_answers
from tests.app import App, registered
from tests.factories import make_policy, make_subject
from tests.forms import INDIVIDUAL
from tests.parallel import in_parallel

KEY = "0d9f0c4e-8a53-4d9b-8b0c-3c6a556b2b3d"


@pytest.fixture(autouse=True)
def _policy():
    make_policy("intl")


def granted(app: App, key: str = KEY, act: str = "granted"):
    return app.post("me/consents", {"act": act, "purpose": "product_news"}, Idempotency_Key=key)


@pytest.mark.django_db
def test_a_retry_answers_as_the_first_did():
    app = registered()
    first = granted(app)
    granted(app, "another-key-of-16-or-more", "withdrew")
    again = granted(app)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert [record.act for record in ConsentRecord.objects.order_by("position")] == [
        "registered", "granted", "withdrew",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_refusal_is_repeated_too():
    app = registered()
    for _ in range(2):
        answer = app.post("me/consents", {"act": "granted", "purpose": "nothing"}, Idempotency_Key=KEY)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


@pytest.mark.django_db
def test_a_key_that_came_with_another_request_is_refused():
    app = registered()
    granted(app)
    assert granted(app, act="withdrew").json()["code"] == "idempotency_key_reused"
    assert app.post("me/cancellation", {"confirmed": True}, Idempotency_Key=KEY).json()["code"] == (
        "idempotency_key_reused"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "x" * 256, "with a space in it 123", "schlüssel-schlüssel"])
def test_a_key_that_is_none_is_refused(key):
    assert granted(App(), key).json()["code"] == "idempotency_key_invalid"


@pytest.mark.django_db
def test_one_person_s_key_says_nothing_to_another():
    first, second = (
        registered(),
        registered(username="other", phone="+4915123456700", password="Granite-Willow-Basket-72"),
    )
    granted(first)
    answer = granted(second)
    assert answer.json()["receipt"]["pii_principal_id"] == second.get("me").json()["subject"]


@pytest.mark.django_db
def test_a_cancellation_repeated_with_its_dead_token_answers_as_it_did():
    app = registered()
    first = app.post("me/cancellation", {"confirmed": True}, Idempotency_Key=KEY)
    again = app.post("me/cancellation", {"confirmed": True}, Idempotency_Key=KEY)
    assert (again.status_code, again.json()) == (201, first.json())


@pytest.mark.django_db
def test_a_token_that_ended_since_is_answered_nothing():
    """The answer holds the phone number in use: a found old token must not read it for a day."""
    app = registered()
    changed = {"value": "+4915123456799"}
    first = app.post("me/contacts/phone", changed, Idempotency_Key=KEY)
    assert first.json()[0]["value"] == INDIVIDUAL["phone"]
    assert app.post("me/contacts/phone", changed, Idempotency_Key=KEY).content == first.content
    end_sessions([User.objects.get().subject_id])
    again = app.post("me/contacts/phone", changed, Idempotency_Key=KEY)
    assert (again.status_code, again.json()["code"]) == (401, "not_signed_in")


@pytest.mark.django_db
def test_a_new_password_is_answered_once_more_with_the_token_that_it_ended():
    app = registered()
    old, given = app.token, {"current": INDIVIDUAL["password"], "password": "Granite-Willow-Basket-72"}
    first = app.post("auth/password", given, Idempotency_Key=KEY)
    assert (first.status_code, app.token != old) == (200, True)
    assert App(old).post("auth/password", given, Idempotency_Key=KEY).content == first.content


@pytest.mark.django_db
def test_no_personal_value_is_kept_in_clear():
    app = App()
    app.register(headers={"Idempotency_Key": KEY})
    row = AnsweredRequest.objects.get()
    kept = bytes(row.answer) + bytes(row.request) + bytes(row.pk)
    assert app.token.encode() not in kept
    assert KEY.encode() not in kept
    assert b"89" + b'"' not in kept


@pytest.mark.django_db
def test_an_answer_is_forgotten_after_a_day():
    app = registered()
    granted(app)
    assert forget_expired_answers() == 0
    AnsweredRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert forget_expired_answers() == 1


@pytest.mark.django_db
def test_a_request_that_died_half_way_may_be_tried_again():
    app = registered()
    granted(app)
    AnsweredRequest.objects.update(answer=None)
    assert granted(app).json()["code"] == "request_in_progress"
    AnsweredRequest.objects.update(begun_at=timezone.now() - timedelta(minutes=3))
    assert granted(app).status_code == 201


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_registration_sent_ten_times_at_once_makes_one_account():
    policy = App().get("policies/current?country=DE").json()
    body = {key: INDIVIDUAL[key] for key in ("name", "username", "password", "phone")} | {
        "country": "DE",
        "consent": {
            "policy": policy["digest"],
            "language": "en",
            "agreed": True,
            "birth_month": {"year": 1990, "month": 5},
        },
    }

    def send(_number: int = 0) -> HttpResponse:
        answers.append(App().post("registrations/individual", body, Idempotency_Key=KEY))
        return answers[-1]

    answers: list[HttpResponse] = []
    assert in_parallel(10, send) == ["done"] * 10
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert User.objects.count() == 1
    assert json.loads(send().content)["next"] == "verify_contact"


@pytest.mark.django_db(transaction=True)
def test_a_person_who_is_erased_before_the_answer_is_out_is_answered(settings, monkeypatch: pytest.MonkeyPatch):
    settings.COOLING_OFF = settings.COOLING_OFF * 0
    app = registered()

    def cancel_and_sweep(**given: object) -> ErasureCase:
        case = cancel_account(**given)
        erase_due_accounts()
        return case

    monkeypatch.setattr("privacy.erasure.api.cancel_account", cancel_and_sweep)
    answer = app.post("me/cancellation", {"confirmed": True}, idempotency_key="a-key-of-16-letters")
    assert answer.status_code == 201
    assert ErasureCase.objects.get(reference=answer.json()["reference"]).state == "erased"
    if connection.vendor == "postgresql":
        assert not AnsweredRequest.objects.filter(subject=ErasureCase.objects.get().subject).exists()


@pytest.mark.django_db
def test_an_answer_of_a_person_opens_under_their_own_key_only():
    """An old copy of the database, with today's keys, must not reveal an answer to an erased person."""
    app = registered()
    granted(app)
    row = AnsweredRequest.objects.get(subject__isnull=False)
    with pytest.raises(CannotOpen):
        unseal_for_system(bytes(row.answer), SYSTEM_KEY, bytes(row.pk).hex())
    assert json.loads(_opened(row))["status"] == 201
    destroy_keys([row.subject_id])
    with pytest.raises(KeyDestroyed):
        _opened(row)


@pytest.mark.django_db
def test_the_stored_answer_of_a_sign_in_belongs_to_the_person():
    registered()
    given = {"login": INDIVIDUAL["username"], "password": INDIVIDUAL["password"]}
    first, again = (App().post("auth/sign-in", given, Idempotency_Key=KEY) for _ in range(2))
    assert first.json()["signed_in"]
    assert again.content == first.content
    assert AnsweredRequest.objects.get().subject_id == User.objects.get().subject_id


@pytest.mark.django_db
def test_an_answer_moved_to_another_person_does_not_open():
    app = registered()
    granted(app)
    row = AnsweredRequest.objects.get(subject__isnull=False)
    row.subject_id = make_subject().pk
    with pytest.raises(CannotOpen):
        _opened(row)
