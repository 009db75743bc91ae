"""Requests as other programs send them: dates, tokens, preconditions, cookies, forms and countries."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.app import App, registered
from tests.factories import make_policy

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl")
    make_policy("intl", language="zh-hans")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("value", ["03/04/2025", "3/4/25", "4 March 2025", "2025/03/04", "2025年3月4日", "20250304"])
def test_only_a_full_date_is_a_date_whatever_the_language(value: str, language: str):
    app = App(language=language)
    answer = app.register(kind="enterprise", business_period_start=value)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["business_period_start"]


@pytest.mark.parametrize("scheme", ["bearer ", "BEARER ", "Bearer  ", "bEaReR   "])
def test_the_scheme_of_a_token_is_written_in_any_case(scheme: str):
    app = registered()
    assert App().get("me", authorization=f"{scheme}{app.token}").status_code == 200
    assert App().get("me", authorization=f"Basic {app.token}").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": "*"}, 412),
        ({"if_none_match": "*", "if_match": "ETAG"}, 412),
        ({"if_none_match": 'ETAG, "y"'}, 412),
        ({"if_none_match": "W/ETAG"}, 412),
        ({"if_none_match": '"y"'}, 200),
        ({"if_match": 'ETAG, "y"'}, 200),
        ({"if_match": '"y"'}, 412),
        ({"if_match": "*"}, 200),
    ],
    ids=str,
)
def test_a_precondition_is_kept(headers: dict[str, str], status: int):
    app = registered()
    etag = app.get("me").headers["ETag"]
    sent = {name: value.replace("ETAG", etag) for name, value in headers.items()}
    assert app.send("PATCH", "me", {"company_name": "Example"}, **sent).status_code == status


@pytest.mark.parametrize("path", ["/", "/home/", "/sign-in/", "/api/v1/fields?kind=individual&country=DE"])
@pytest.mark.parametrize("value", ['"\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"', '"abcdefgh\\000"', '"\\000"', "\ud83d"])
def test_an_unknown_session_cookie_is_anonymous(path: str, value: str):
    client = Client(headers={"Cookie": f"session={value}"} if value.isascii() else {})
    if not value.isascii():
        client.cookies["session"] = "\u00ff" * 32
    assert client.get(path).status_code in (200, 302)
    assert client.post(path, {"login": "x", "password": "y"}).status_code in (200, 302, 401, 403, 405)


@pytest.mark.parametrize("charset", ["gbk", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize("path", ["/sign-in/", "/register/individual/?country=DE", "/language/"])
@pytest.mark.parametrize("checks", [True, False])
def test_a_form_in_another_charset_gets_the_portals_error_page(path: str, charset: str, checks: bool):
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    token = client.get("/sign-in/").cookies["csrftoken"].value
    body = f"login=x&csrfmiddlewaretoken={token}".encode()
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client.post(path, body, content_type=kind)
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers
    assert "<html" in answer.content.decode()


def test_kosovo_is_a_country():
    app = App()
    assert app.get("policies/current?country=XK").status_code == 200
    assert app.register("XK", phone="+383 44 123 456").status_code == 201
    assert "Kosovo" in Client().get("/register/individual/?country=XK").content.decode()


@pytest.mark.parametrize("country", ["ZZ", "AA", "de", "D", "", "UK"])
def test_what_is_no_country_has_no_policy(country: str):
    answer = App().get(f"policies/current?country={country}")
    assert (answer.status_code, answer.json()["errors"]["country"][0]["code"]) == (422, "invalid_country")


SURROGATES = [
    ("POST", "registrations/individual", '{"\\ud83d": 1}'),
    ("POST", "auth/sign-in", '{"login": "x", "password": "y", "\\ud83d": 1}'),
    ("PATCH", "me", '{"na\\ud83dme": "x"}'),
    ("POST", "me/consents", '{"act": "granted", "purpose": "\\ud83d"}'),
]


@pytest.mark.parametrize(("method", "path", "body"), SURROGATES)
def test_half_a_character_is_bad_json(method: str, path: str, body: str):
    app = registered() if path.startswith("me") else App()
    answer = app.send(method, path, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


def codes_of(answer: HttpResponse) -> dict[str, list[str]]:
    assert answer.status_code == 422, answer.content
    return {name: [error["code"] for error in found] for name, found in answer.json()["errors"].items()}


def test_all_errors_of_a_registration_are_said_in_one_answer():
    body = {"country": "DE", "phone": "123", "username": "a b", "name": 5, "is_staff": 1, "consent": {"policy": "x"}}
    found = codes_of(App().post("registrations/individual", body))
    assert found["name"] == ["invalid"]
    assert found["is_staff"] == ["unknown_field"]
    assert found["password"] == found["consent.language"] == found["consent.agreed"] == ["required"]
    assert found.keys() >= {"phone", "username", "consent.birth_month"}
    assert not any(name.startswith("consent.policy") for name in found)


def test_what_is_said_of_a_member_is_said_once():
    found = codes_of(App().post("registrations/individual", {"country": "DE", "phone": "123", "consent": 7}))
    assert [name for name in found if name.startswith("consent")] == ["consent"]
    assert set(found) >= {"phone", "name", "username", "password"}


def test_without_a_country_nothing_else_can_be_checked_and_what_is_known_is_said():
    found = codes_of(App().post("registrations/individual", {"country": "XX", "phone": "123"}))
    assert found["country"] == ["invalid_choice"]
    assert {"name", "username", "password", "consent"} <= set(found)


def test_all_errors_of_a_correction_are_said_in_one_answer_and_nothing_is_changed():
    app = registered()
    body = {"name": 5, "time_zone": "x", "unknown": 1, "username": "a b", "business_area": "x", "company_name": "Fine"}
    found = codes_of(app.send("PATCH", "me", body))
    assert set(found) == {"name", "time_zone", "unknown", "username", "business_area"}
    assert app.get("me").json()["company_name"] is None


@pytest.mark.parametrize("body", [{f"field{n}": n for n in range(500)}, {"name": 5} | {f"f{n}": n for n in range(500)}])
def test_of_many_errors_fifty_are_said(body: dict[str, object]):
    app = registered()
    assert len(codes_of(app.send("PATCH", "me", body))) == 50
    assert len(codes_of(App().post("registrations/individual", body))) == 50
