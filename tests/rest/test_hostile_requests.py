"""What no honest app sends is a clear problem, never a 500."""

import pytest

from accounts.sessions.models import Session
from privacy.rest.models import AnsweredRequest
from tests.app import App, registered
from tests.factories import make_policy
from tests.forms import INDIVIDUAL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policy():
    make_policy("intl")


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", '"text"', "null", "NaN", '{"login": NaN}', '{"login": 1, "login": 2}', "[" * 100_000,
        '{"login":' * 100_000, b"\xff\xfe", "{'login': 1}",
    ],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(body):
    answer = App().send("POST", "auth/sign-in", body, content_type="application/json")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in ("bad_json", "too_large", "invalid")
    assert answer.status_code in (400, 413, 422)


@pytest.mark.parametrize("value", [1, True, ["x"], {"a": "b"}, 1.5, None])
def test_another_type_is_refused(value):
    answer = App().post("auth/sign-in", {"login": value, "password": value})
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"login", "password"}


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "x" * 50_000, "\u202e", "' OR 1=1 --", "%00", "{{7*7}}"])
def test_hostile_text_is_refused_or_unknown(text):
    refused = 400 if text == "\ud800" else 422  # half a character is no text in UTF-8
    answer = App().post("auth/sign-in", {"login": text, "password": "y"})
    assert answer.status_code == refused, answer.content
    answer = App().register(name=text, username=text, phone=text)
    assert answer.status_code == refused, answer.content


def test_a_body_that_is_too_large_is_refused_before_it_is_read():
    for size in (300_000, 3_000_000):
        answer = App().post("auth/sign-in", {"login": "x" * size, "password": "y"})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        answer = App().post("auth/sign-in", {"login": "x" * size, "password": "y"}, Idempotency_Key="k" * 20)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not AnsweredRequest.objects.exists()


def test_other_forms_of_body_and_answer_are_refused():
    form = App().send("POST", "auth/sign-in", "login=a", content_type="application/x-www-form-urlencoded")
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    html = App().get("fields?kind=individual", accept="text/html")
    assert (html.status_code, html.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("path", ["nothing", "me/nothing", "/api/", "/api/v2/me", "policies/xx/1", "receipts/AAAAA"])
def test_an_address_that_is_none_is_a_problem(path):
    answer = App().get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_another_method_is_a_problem():
    answer = registered().send("PUT", "me", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "PATCH" in answer["Allow"]


@pytest.mark.parametrize("token", ["x", "", "a" * 32, "'" * 32, "é" * 32, "a" * 5000])
def test_a_made_up_token_opens_nothing(token):
    answer = App().get("me", authorization=f"Bearer {token}")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_cookie_is_never_set():
    app = registered()
    assert not app.client.cookies
    assert not app.get("me").cookies


def test_too_many_tries_get_the_time_of_the_next_try(settings):
    registered()
    settings.RATE_LIMITS = True
    for _ in range(11):
        answer = App().sign_in("joerg_gross", "wrong-password-1")
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert 0 < int(answer["Retry-After"]) <= 900


def test_a_wrong_password_and_an_unknown_person_look_the_same():
    registered()
    known, unknown = App().sign_in("joerg_gross", "wrong-password-1"), App().sign_in("nobody", "wrong-password-1")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (422, known.content)


def test_every_code_of_a_problem_is_explained():
    app = App()
    problem = app.sign_in("nobody", INDIVIDUAL["password"]).json()
    explained = app.get(problem["type"]).json()
    assert explained == {name: problem[name] for name in ("code", "status", "title")}
    assert app.get("problems/nothing").status_code == 404


def test_reading_the_session_state_stores_nothing_for_anonymous_callers():
    answer = App().get("auth/session").json()
    assert (answer["token"], answer["signed_in"]) == ("", False)
    assert not Session.objects.exists()
