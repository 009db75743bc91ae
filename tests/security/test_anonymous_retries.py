"""An Idempotency-Key without a token gives no answer to another caller, and fills no table."""

import pytest

from accounts.users.models import User
from privacy.rest.models import AnsweredRequest
from tests.app import App, registered
from tests.factories import make_policy
from tests.forms import INDIVIDUAL

pytestmark = pytest.mark.django_db
KEY = "0d9f0c4e-8a53-4d9b-8b0c-3c6a556b2b3d"


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_policy("intl")


@pytest.mark.parametrize("path", ["auth/recover", "auth/code"])
@pytest.mark.parametrize("token", ["", "x" * 32, "Bearer"])
def test_a_second_caller_gets_no_token_of_the_first(path: str, token: str) -> None:
    registered()
    body = {"login": INDIVIDUAL["phone"]}
    first, second = (App(token).post(path, body, Idempotency_Key=KEY).json()["token"] for _ in range(2))
    assert first
    assert first != second


def test_another_body_under_the_key_of_a_registration_is_another_request() -> None:
    first, second = App(), App()
    first.register(headers={"Idempotency_Key": KEY})
    answer = second.register(username="other", phone="+4915123456700", headers={"Idempotency_Key": KEY})
    assert answer.status_code == 201
    assert first.token != second.token


def test_another_network_is_another_caller() -> None:
    registered()
    given = {"login": INDIVIDUAL["username"], "password": INDIVIDUAL["password"]}
    here, there = App(), App()
    there.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    for app in (here, there):
        assert app.post("auth/sign-in", given, Idempotency_Key=KEY).status_code == 200
    assert here.token != there.token


def test_a_registration_is_answered_as_before_to_the_same_body() -> None:
    first, again = App(), App()
    first.register(headers={"Idempotency_Key": KEY})
    assert again.register(headers={"Idempotency_Key": KEY})["Idempotency-Replayed"] == "true"
    assert first.token == again.token
    assert User.objects.count() == 1


def test_anonymous_refusals_are_not_stored() -> None:
    for number in range(3):
        key = f"{KEY}-{number}"
        wrong = {"login": "nobody", "password": "wrong-password-1"}
        assert App().post("auth/sign-in", wrong, Idempotency_Key=key).status_code == 422
        assert App().register(phone="1", headers={"Idempotency_Key": key}).status_code == 422
        assert App().post("auth/code/confirm", {"code": "000000"}, Idempotency_Key=key).status_code == 422
        assert (
            App("x" * 32).post("auth/password", {"current": "a", "password": "b"}, Idempotency_Key=key).status_code
            == 401
        )
    assert not AnsweredRequest.objects.exists()
