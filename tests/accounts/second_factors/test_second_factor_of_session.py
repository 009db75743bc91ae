"""A second factor counts in the session in which it was given, and a change of factors ends the other sessions."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, TestCase

from accounts.sessions.models import Session
from accounts.users.models import User
from tests.app import App
from tests.caches import empty_caches
from tests.factories import PASSWORD, give_second_factor, make_person, make_staff
from tests.sign_in_clients import app_code

APP, REMOVE = "/settings/security/app/", "/settings/security/app/remove/"
ADMIN = ["/admin/", "/admin/accounts/user/", "/admin/privacy/policyversion/", "/admin/jsi18n/"]


@pytest.fixture
def officer() -> User:
    return make_staff(username="officer", jurisdiction="cn", second_factor=False)


def browser_of(user: User, password: str = PASSWORD) -> Client:
    browser = Client()
    browser.post("/sign-in/", {"login": user.username, "password": password})
    return browser


def app_of(user: User, password: str = PASSWORD) -> App:
    app = App()
    app.sign_in(user.username, password)
    return app


def set_up_app(browser: Client) -> str:
    secret = re.search(r'<code id="secret">(\w+)</code>', browser.get(APP).content.decode())[1]
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert browser.post(APP, {"code": app_code(secret)}).status_code == 302
    return secret


def set_up_past_its_sessions(user: User) -> None:
    """Set up a factor without ending sessions, so that only the factors of each session count."""
    sessions = list(Session.objects.all())
    give_second_factor(user)
    Session.objects.all().delete()
    Session.objects.bulk_create(sessions)


def test_a_factor_that_is_set_up_outside_of_a_request_ends_every_session(person: User):
    others, stranger = [browser_of(person), app_of(person)], browser_of(make_person())
    give_second_factor(person)
    assert [is_signed_in(other) for other in others] == [False, False]
    assert is_signed_in(stranger)


def is_signed_in(who: Client | App) -> bool:
    return who.get("me").status_code == 200 if isinstance(who, App) else who.get("/home/").status_code == 200


def test_a_session_with_a_password_alone_does_not_open_the_admin(officer: User):
    by_password = browser_of(officer)
    set_up_past_its_sessions(officer)
    for path in ADMIN:
        assert by_password.get(path).status_code == 302
    assert by_password.post("/admin/accounts/user/", {"who": "somebody"}).status_code == 302


def test_staff_whose_session_has_no_second_factor_are_asked_for_it_and_come_in(officer: User):
    browser = browser_of(officer)
    set_up_past_its_sessions(officer)
    asked = browser.get("/admin/accounts/user/", follow=True)
    address, _status = asked.redirect_chain[-1]
    assert address == "/sign-in/again/?next=/admin/accounts/user/"
    assert 'name="password"' not in asked.content.decode()
    browser.post(address, {"password": PASSWORD})
    assert browser.get("/admin/accounts/user/").status_code == 302
    given = browser.post(address, {"code": app_code()})
    assert given.headers["Location"] == "/admin/accounts/user/"
    assert browser.get("/admin/accounts/user/").status_code == 200


def test_enrolling_elsewhere_ends_the_session_with_a_password_alone(officer: User):
    first, second = browser_of(officer), browser_of(officer)
    set_up_app(second)
    for path in ADMIN:
        assert first.get(path).status_code == 302
    assert not is_signed_in(first)
    assert second.get("/admin/").status_code == 200  # it proved the factor by setting it up


def test_a_session_whose_factor_was_removed_cannot_open_the_admin(officer: User):
    browser = browser_of(officer)
    set_up_app(browser)
    assert browser.get("/admin/").status_code == 200
    browser.post(REMOVE)
    assert browser.get("/admin/", follow=True).redirect_chain[-1] == ("/settings/security/?next=%2Fadmin%2F", 302)


def test_adding_and_removing_a_factor_on_a_page_ends_every_other_session(person: User):
    this, others = browser_of(person), [browser_of(person), app_of(person)]
    stranger = browser_of(make_person())
    set_up_app(this)
    assert [is_signed_in(other) for other in others] == [False, False]
    for other in others:
        _sign_in_with_code(other, person)
    assert [is_signed_in(other) for other in others] == [True, True]
    this.post(REMOVE)
    assert [is_signed_in(other) for other in others] == [False, False]
    assert is_signed_in(this)
    assert is_signed_in(stranger)


def test_adding_and_removing_a_factor_over_rest_ends_every_other_session(person: User):
    this, others = app_of(person), [browser_of(person), app_of(person)]
    secret = this.get("auth/app").json()["secret"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert this.post("auth/app", {"code": app_code(secret)}).status_code == 201
    assert [is_signed_in(other) for other in others] == [False, False]
    for other in others:
        _sign_in_with_code(other, person)
    assert this.send("DELETE", "auth/app").status_code == 204
    assert [is_signed_in(other) for other in others] == [False, False]
    assert is_signed_in(this)


def test_removing_a_passkey_ends_every_other_session(person: User):
    give_second_factor(person)
    passkey = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Passkey 1", "credential": {}})
    this = app_of(person)
    this.post("auth/second-factor", {"code": app_code()})
    Session.objects.exclude(pk__in=_keys_of(person)[:1]).delete()
    empty_caches()
    other = app_of(person)
    other.post("auth/second-factor", {"code": app_code()})
    assert is_signed_in(other)
    assert this.send("DELETE", f"auth/passkeys/{passkey.pk}").status_code == 204
    assert not is_signed_in(other)
    assert is_signed_in(this)


def test_new_recovery_codes_end_no_session(person: User):
    this, other = browser_of(person), browser_of(person)
    set_up_app(this)
    _sign_in_with_code(other, person)
    this.post("/settings/security/recovery-codes/new/")
    assert is_signed_in(other)


@pytest.mark.parametrize("path", [APP, REMOVE, "/settings/security/passkeys/"])
def test_the_page_says_beforehand_that_other_devices_are_signed_out(signed_in: Client, person: User, path: str):
    if path == REMOVE:
        set_up_app(signed_in)
    page = signed_in.get(path).content.decode()
    assert re.search("(signs you|you will be signed) out on your other devices", page)


def _keys_of(user: User) -> list[str]:
    return list(Session.objects.filter(subject_id=user.subject_id).values_list("pk", flat=True))


def _sign_in_with_code(who: Client | App, user: User) -> None:
    """Sign in again, with a code of the one app that was set up through the portal."""
    from allauth.mfa.utils import decrypt

    empty_caches()
    code = app_code(decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]))
    if isinstance(who, App):
        who.token = ""
        who.sign_in(user.username, PASSWORD)
        who.post("auth/second-factor", {"code": code})
    else:
        who.post("/sign-in/", {"login": user.username, "password": PASSWORD})
        who.post("/sign-in/second-step/", {"code": code})
