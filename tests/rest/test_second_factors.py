"""Second factors, sessions and security events over REST."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import TestCase

from tests.app import App, registered
from tests.factories import make_policy
from tests.forms import INDIVIDUAL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policy():
    make_policy("intl")


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_an_app() -> tuple[App, str, list[str]]:
    app = registered()
    secret = app.get("auth/app").json()["secret"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = app.post("auth/app", {"code": code_of(secret)})
    assert made.status_code == 201, made.content
    return app, secret, made.json()["recovery_codes"]


def test_a_sign_in_waits_for_the_second_factor():
    _app, secret, _codes = with_an_app()
    new = App()
    assert new.sign_in("joerg_gross").json()["next"] == "second_factor"
    assert new.get("me").status_code == 401
    assert new.get("auth/second-factor").json() == {"app": True, "options": None}
    assert new.post("auth/second-factor", {"code": "000000"}).json()["code"] == "wrong_second_factor"
    assert new.post("auth/second-factor", {"code": code_of(secret)}).json()["signed_in"] is True
    assert new.get("me").status_code == 200


def test_a_recovery_code_works_once():
    _app, _secret, codes = with_an_app()
    assert len(codes) >= 8
    first, second = App(), App()
    first.sign_in("joerg_gross")
    assert first.post("auth/second-factor", {"code": codes[0]}).json()["signed_in"] is True
    second.sign_in("joerg_gross")
    assert second.post("auth/second-factor", {"code": codes[0]}).json()["code"] == "wrong_second_factor"


def test_new_recovery_codes_replace_the_old():
    app, _secret, codes = with_an_app()
    made = app.post("auth/recovery-codes").json()["recovery_codes"]
    assert set(made).isdisjoint(codes)
    assert registered(username="second", phone="+4915123456700").post("auth/recovery-codes").json()["code"] == (
        "no_second_factor"
    )


def test_a_removed_app_is_no_longer_requested():
    app, _secret, _codes = with_an_app()
    assert app.get("auth/app").json()["code"] == "already_set_up"
    assert app.send("DELETE", "auth/app").status_code == 204
    assert app.send("DELETE", "auth/app").status_code == 404
    assert App().sign_in("joerg_gross").json()["signed_in"] is True
    assert app.get("auth/factors").json() == {"app": False, "passkeys": [], "unused_recovery_codes": 0}


def test_setting_up_asks_for_a_fresh_sign_in(settings):
    app = registered()
    settings.FRESH_SIGN_IN = settings.FRESH_SIGN_IN * 0
    for method, path in (("GET", "auth/app"), ("POST", "auth/recovery-codes"), ("GET", "auth/passkeys")):
        assert app.send(method, path).json()["code"] == "fresh_sign_in_required"


def test_a_password_is_a_fresh_sign_in_without_a_second_factor():
    app = registered()
    assert app.post("auth/again", {"password": "wrong-password-1"}).json()["errors"]["password"][0]["code"] == (
        "wrong_password"
    )
    assert app.post("auth/again", {"password": INDIVIDUAL["password"]}).status_code == 204
    assert app.post("auth/again", {}).json()["errors"]["password"][0]["code"] == "required"


def test_a_code_is_a_fresh_sign_in_with_a_second_factor():
    app, secret, _codes = with_an_app()
    refused = app.post("auth/again", {"password": INDIVIDUAL["password"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    assert app.post("auth/again", {"code": "12345"}).status_code == 422
    assert app.post("auth/again", {"code": code_of(secret)}).status_code == 204


def test_a_passkey_that_is_none_is_refused():
    app = App()
    challenge = app.get("auth/passkey").json()
    assert challenge["options"]["publicKey"]["challenge"]
    assert app.post("auth/passkey", {"credential": {"id": "x"}}).json()["code"] == "wrong_second_factor"
    mine = registered()
    assert mine.get("auth/passkeys").json()["options"]["publicKey"]["rp"]
    assert mine.post("auth/passkeys", {"credential": {}}).json()["code"] == "wrong_second_factor"
    assert mine.send("DELETE", "auth/passkeys/1").status_code == 404


def test_sessions_are_listed_and_end_at_once():
    app, other = registered(), App()
    other.sign_in("joerg_gross")
    listed = app.get("auth/sessions").json()
    assert [session["is_this"] for session in listed] == [True, False]
    assert app.token not in str(listed)
    assert app.send("DELETE", f"auth/sessions/{listed[1]['id']}").status_code == 204
    assert other.get("me").status_code == 401
    assert app.send("DELETE", f"auth/sessions/{listed[1]['id']}").status_code == 404
    other.sign_in("joerg_gross")
    assert app.send("DELETE", "auth/sessions").status_code == 204
    assert (app.get("me").status_code, other.get("me").status_code) == (200, 401)


def test_one_person_cannot_end_another_s_session():
    app, other = registered(), registered(username="second", phone="+4915123456700")
    handle = app.get("auth/sessions").json()[0]["id"]
    assert other.send("DELETE", f"auth/sessions/{handle}").status_code == 404
    assert app.get("me").status_code == 200


def test_what_happened_is_told(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        app, _secret, _codes = with_an_app()
    kinds = [event["kind"] for event in app.get("me/security-events").json()["results"]]
    assert kinds[-1] == "signed_in"
    assert {"mfa_added", "recovery_codes_made"} <= set(kinds)
