"""The portal answers every request: never with a 500, and never with a value of another person."""

import pytest
from django.test import Client

from tests.factories import make_person, make_policy

pytestmark = pytest.mark.embedded

NUL, LONG = "\x00", "x" * 100_000
PATHS = [
    "/receipts/%00/",
    "/receipts/?reference=%00",
    f"/receipts/?reference={'A' * 5000}",
    "/policies/%00/",
    "/policies/intl/%00/",
    "/policies/intl/changes/?since=%00",
    "/policies/intl/?language=%00",
    "/register/individual/?country=%00",
    "/register/individual/?country=%F0%9F%98%80",
    "/register/robot/",
    "/sign-in/?next=%00",
    "/settings/privacy/receipts/not-a-uuid.json",
    "/settings/privacy/purposes/%00/",
    "/outbox/?to=%00",
    "/language/",
    "/admin/login/?next=//evil.example",
]
FORMS = {
    "/sign-in/": ("login", "password"),
    "/recover/": ("login",),
    "/recover/code/": ("code",),
    "/sign-in/verify/": ("code",),
    "/sign-in/verify/again/": ("contact",),
    "/sign-in/undo/": ("anything",),
    "/language/": ("language", "next"),
    "/register/individual/": ("name", "username", "phone", "policy", "language", "submission", "purposes"),
    "/settings/profile/": ("name", "username", "country", "time_zone"),
    "/settings/security/phone/": ("value",),
    "/settings/privacy/changes/": ("policy", "language", "agreed"),
    "/settings/privacy/purposes/product_news/": ("on",),
}


@pytest.fixture(params=["nobody", "a person"])
def somebody(request: pytest.FixtureRequest, client: Client) -> Client:
    make_policy("intl")
    make_policy("cn", text="For cn.")
    if request.param == "a person":
        client.force_login(make_person())
    return client


@pytest.mark.parametrize("path", PATHS)
def test_an_odd_address_is_answered(somebody: Client, path: str):
    assert somebody.get(path).status_code < 500


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("value", [NUL, LONG, "\ud800".encode("utf-8", "surrogatepass"), "💩", "-1", "' OR 1=1 --"])
def test_an_odd_form_is_answered(somebody: Client, path: str, value: str):
    data = dict.fromkeys(FORMS[path], value) | ({"country": "DE"} if path.startswith("/register") else {})
    assert somebody.post(path, data).status_code < 500


@pytest.mark.parametrize("value", [NUL, LONG, "💩"])
def test_an_odd_answer_at_the_gate_is_answered(client: Client, value: str):
    client.force_login(make_person())
    make_policy("intl", text="And your shoe size.")
    answer = client.post("/settings/privacy/changes/", {"agreed": "yes", "policy": value, "language": value})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", FORMS)
def test_an_empty_form_is_answered(somebody: Client, path: str):
    assert somebody.post(path, {}).status_code < 500


def test_a_form_without_its_token_is_refused_kindly():
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()
