"""A fresh sign-in is one at the highest level that the person has, and is asked for whatever the method."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.second_factors import urls as second_factors
from accounts.sessions import urls as sessions
from accounts.sessions.models import Session
from accounts.sign_in import urls as sign_in
from accounts.users.models import User
from privacy.rest.endpoints import Endpoint
from privacy.subjects.markers import fresh_sign_in_required, needs_fresh_sign_in
from tests.app import App
from tests.caches import empty_caches
from tests.factories import PASSWORD, give_second_factor
from tests.sign_in_clients import app_code, newest_code

pytestmark = pytest.mark.embedded

LATER = dt.timedelta(minutes=11)
APP, REMOVE = "/settings/security/app/", "/settings/security/app/remove/"
ODD_METHODS = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PROPFIND"]


@pytest.fixture
def with_factor(person: User) -> User:
    return give_second_factor(person)


@pytest.fixture
def app(with_factor: User) -> App:
    """An app that was signed in with password and code."""
    app = App()
    app.sign_in(with_factor.username, PASSWORD)
    assert app.post("auth/second-factor", {"code": app_code()}).json()["signed_in"]
    empty_caches()
    return app


@pytest.fixture
def browser(with_factor: User) -> Client:
    """A browser that was signed in with password and code."""
    browser = Client()
    browser.post("/sign-in/", {"login": with_factor.username, "password": PASSWORD})
    browser.post("/sign-in/second-step/", {"code": app_code()})
    assert browser.get("/home/").status_code == 200
    empty_caches()
    return browser


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


REST_OF_FACTORS = [
    ("DELETE", "auth/app"),
    ("GET", "auth/app"),
    ("GET", "auth/passkeys"),
    ("POST", "auth/passkeys"),
    ("DELETE", "auth/passkeys/1"),
    ("POST", "auth/recovery-codes"),
    ("POST", "me/contacts/phone"),
    ("POST", "me/cancellation"),
    ("DELETE", "auth/sessions"),
]


@pytest.mark.parametrize(("method", "path"), REST_OF_FACTORS)
def test_over_rest_a_password_alone_is_not_fresh_where_there_is_a_second_factor(app: App, method: str, path: str):
    with time_machine.travel(timezone.now() + LATER):
        assert code_of(app.post("auth/again", {"password": PASSWORD})) == (403, "second_factor_required")
        assert code_of(app.send(method, path)) == (403, "fresh_sign_in_required")
    assert Authenticator.objects.exists()


def test_over_rest_a_code_is_fresh(app: App):
    with time_machine.travel(timezone.now() + LATER):
        assert app.post("auth/again", {"code": app_code()}).status_code == 204
        assert app.send("DELETE", "auth/app").status_code == 204
    assert not Authenticator.objects.exists()


def test_a_right_and_a_wrong_password_are_refused_alike_where_there_is_a_second_factor(app: App):
    right, wrong = (app.post("auth/again", {"password": password}) for password in (PASSWORD, "wrong-password"))
    assert right.content == wrong.content


def test_on_pages_a_password_alone_is_not_fresh_where_there_is_a_second_factor(browser: Client):
    with time_machine.travel(timezone.now() + LATER):
        for path in (REMOVE, "/settings/security/passkeys/", "/settings/security/phone/", "/settings/cancel/"):
            asked = browser.get(path).headers["Location"]
            page = browser.get(asked).content.decode()
            assert 'name="password"' not in page
            assert 'name="code"' in page
            browser.post(asked, {"password": PASSWORD})
            assert browser.get(path).headers["Location"].startswith("/sign-in/again/")
        assert browser.post("/sign-in/again/", {"code": app_code()}).status_code == 302
        assert browser.get(REMOVE).status_code == 200


NEW_PASSWORD = {"current": PASSWORD, "password": "Granite-Willow-Basket-72"}


def test_a_password_alone_does_not_change_the_password_where_there_is_a_second_factor(app: App, browser: Client):
    page = "/settings/security/password/"
    with time_machine.travel(timezone.now() + LATER):
        assert code_of(app.post("auth/password", NEW_PASSWORD)) == (403, "fresh_sign_in_required")
        assert browser.post(page, NEW_PASSWORD).headers["Location"].startswith("/sign-in/again/")
        assert "Granite" not in str(dict(browser.session.items()))
        assert app.post("auth/again", {"code": app_code()}).status_code == 204
        assert app.post("auth/password", NEW_PASSWORD).status_code == 200


def test_a_password_changes_the_password_where_there_is_no_second_factor(signed_in: Client):
    with time_machine.travel(timezone.now() + LATER):
        answer = signed_in.post("/settings/security/password/", NEW_PASSWORD)
    assert answer.headers["Location"] == "/settings/security/"


def test_a_password_of_this_session_is_not_fresh_once_a_factor_was_set_up_past_it(signed_in: Client, person: User):
    assert signed_in.get(APP).status_code == 200
    session = Session.objects.get()
    give_second_factor(person)  # which ends its session
    Session.objects.bulk_create([session])
    assert signed_in.get(REMOVE).headers["Location"].startswith("/sign-in/again/")


def test_without_a_second_factor_a_password_is_fresh(signed_in: Client):
    with time_machine.travel(timezone.now() + LATER):
        assert signed_in.get(APP).status_code == 302
        signed_in.post("/sign-in/again/", {"password": PASSWORD})
        assert signed_in.get(APP).status_code == 200


@pytest.mark.parametrize("method", ODD_METHODS)
def test_a_page_asks_again_whatever_the_method(signed_in: Client, method: str):
    with time_machine.travel(timezone.now() + LATER):
        answer = signed_in.generic(method, APP)
    assert answer.status_code == 405 or answer.headers["Location"].startswith("/sign-in/again/")
    assert "<code" not in answer.content.decode()


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE"])
def test_a_session_that_a_code_signed_in_is_asked_whatever_the_method(person: User, method: str):
    app = App()
    app.post("auth/code", {"login": _phone_of(person)})
    app.post("auth/code/confirm", {"code": newest_code("sign_in_code")})
    assert app.get("me").status_code == 200
    answer = app.send(method, "auth/app")
    assert answer.status_code in (403, 405)


@pytest.mark.parametrize("method", ODD_METHODS)
@pytest.mark.parametrize("path", ["auth/app", "auth/passkeys", "auth/recovery-codes", "auth/passkeys/1"])
def test_an_endpoint_asks_again_whatever_the_method(app: App, method: str, path: str):
    with time_machine.travel(timezone.now() + LATER):
        answer = app.send(method, path)
    assert answer.status_code in (403, 405)


def test_a_mark_holds_for_unusual_methods():
    marked = fresh_sign_in_required(lambda: None)
    assert all(needs_fresh_sign_in(marked, method) for method in [*ODD_METHODS, "POST", "PATCH", ""])
    assert not needs_fresh_sign_in(lambda: None, "GET")


def test_an_endpoint_is_open_only_for_the_methods_that_it_answers_without():
    class Example(Endpoint):
        fresh_sign_in_for = ("DELETE",)

        def get(self, request): ...

        def delete(self, request): ...

    view = Example.as_view()
    asked = {method for method in [*ODD_METHODS, "POST", "PATCH"] if needs_fresh_sign_in(view, method)}
    assert asked == {"OPTIONS", "TRACE", "PUT", "DELETE", "PROPFIND", "POST", "PATCH"}


def test_ending_sessions_asks_for_a_fresh_sign_in_over_rest(person: User):
    app, other = App(), App()
    for one in (app, other):
        one.sign_in(person.username, PASSWORD)
    handle = next(row["id"] for row in app.get("auth/sessions").json() if not row["is_this"])
    with time_machine.travel(timezone.now() + LATER):
        for path in ("auth/sessions", f"auth/sessions/{handle}"):
            assert code_of(app.send("DELETE", path)) == (403, "fresh_sign_in_required")
        assert other.get("me").status_code == 200
        assert app.get("auth/sessions").status_code == 200
        app.post("auth/again", {"password": PASSWORD})
        assert app.send("DELETE", f"auth/sessions/{handle}").status_code == 204
        assert other.get("me").status_code == 401
        assert app.send("DELETE", "auth/sessions").status_code == 204
    assert app.send("DELETE", "auth/session").status_code == 204  # signing out never asks


@pytest.mark.parametrize("which", ["others", "all", "one"])
def test_ending_sessions_on_the_page_asks_and_then_continues(signed_in: Client, person: User, which: str):
    other = Client()
    other.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    with time_machine.travel(timezone.now() + LATER):
        sessions = [device.session for device in signed_in.get("/settings/devices/").context["signed_in"]]
        chosen = next(s.handle for s in sessions if not s.is_this) if which == "one" else which
        asked = signed_in.post("/settings/security/sessions/end/", {"which": chosen}).headers["Location"]
        assert Session.objects.filter(subject_id=person.subject_id).count() == 2
        signed_in.post(asked, {"password": PASSWORD})
        assert other.get("/home/").status_code == 302
        assert (signed_in.get("/home/").status_code == 200) == (which != "all")


def test_every_act_on_factors_and_sessions_is_marked():
    packages = (second_factors, sessions, sign_in)
    urlpatterns = [pattern for package in packages for pattern in package.urlpatterns]
    rest = [pattern for package in packages for pattern in package.rest]
    unmarked = {"mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
    acts = [p for p in urlpatterns if p.name.startswith("mfa_") and p.name not in {*unmarked, "mfa_index"}]
    acts += [p for p in urlpatterns if p.name in ("end_sessions", "new_recovery_codes", "change_contact")]
    acts += [p for p in rest if p.name in ("rest_app", "rest_passkeys", "rest_passkey", "rest_recovery_codes")]
    assert len(acts) >= 12
    assert [p.name for p in acts if not needs_fresh_sign_in(p.callback, "OPTIONS")] == []


def _phone_of(user: User) -> str:
    return str(ContactPoint.objects.get(subject_id=user.subject_id, field="phone").value)
