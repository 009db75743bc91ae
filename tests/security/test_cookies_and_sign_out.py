"""Cookies that only this host can set, what a browser forgets at sign-out, and tokens that stay their owner's."""

import base64
import json
import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.test import Client

from accounts.users.models import User
from tests.app import App, registered
from tests.factories import PASSWORD, make_person, make_policy, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded

COOKIES = tuple(f"{name}_COOKIE_NAME" for name in ("SESSION", "CSRF", "LANGUAGE", "MESSAGES", "DEVICE", "AGE"))
FORGOTTEN = '"cache", "storage"'


def names_of_cookies(environment: dict[str, str]) -> dict[str, str]:
    """The names that a portal of its own has, and what is sent with every cookie."""
    code = (
        "import json; from django.conf import settings as s;"
        "from portal.web.flash_messages import NamedCookieStorage as m;"
        f"print(json.dumps({{n: getattr(s, n) for n in {COOKIES!r}}} | {{'messages': m.cookie_name}}))"
    )
    run = [sys.executable, str(configured.BASE_DIR / "manage.py"), "shell", "--no-imports", "-c", code]
    made = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
    names: dict[str, str] = json.loads(made.stdout)
    return names


def test_production_names_every_cookie_as_this_hosts_own(tmp_path):
    names = names_of_cookies(
        {
            "PATH": os.environ["PATH"],
            "PORTAL_VAR": str(tmp_path),
            "PORTAL_ENV": "production",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "MASTER_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "ALLOWED_HOSTS": "portal.example.org",
            "SITE_URL": "https://portal.example.org",
            "DATABASE_URL": "postgres://portal:a@db.example.org/portal",
            "KEYS_DATABASE_URL": "postgres://portal:a@keys.example.org/keys",
            "REDIS_URL": "redis://:a@redis.example.org:6379/0",
            "EMAIL_URL": "smtp+tls://portal:a@mail.example.org:587",
            "SMS_URL": "json://gateway.example.org",
            "DEFAULT_FROM_EMAIL": "portal@example.org",
        }
    )
    assert names["SESSION_COOKIE_NAME"] == "__Host-session"
    assert names["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert all(name.startswith("__Host-") for name in names.values())


def test_elsewhere_there_is_no_tls_and_so_no_prefix(tmp_path):
    names = names_of_cookies({"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path)})
    assert not any(name.startswith("__") for name in names.values())


def test_a_browser_takes_the_cookies_under_those_names(settings, person: User):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get("/sign-in/", secure=True)
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD}, secure=True)
    assert set(client.cookies) >= {"__Host-session", "__Host-csrftoken"}
    for cookie in client.cookies.values():
        assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", "")  # RFC 6265bis, 4.1.3.2
    assert client.get("/home/", secure=True).status_code == 200


def test_no_script_reads_a_cookie_and_no_other_site_sends_one(person: User):
    client = Client()
    client.get("/sign-in/")
    client.post("/language/", {"language": "zh-hans"})
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    expected = {configured.SESSION_COOKIE_NAME, configured.CSRF_COOKIE_NAME, configured.LANGUAGE_COOKIE_NAME}
    assert set(client.cookies) >= expected | {configured.DEVICE_COOKIE_NAME}
    for name, cookie in client.cookies.items():
        assert (name, cookie["httponly"], cookie["samesite"]) == (name, True, "Lax")


@pytest.mark.parametrize(("path", "data"), [("/sign-out/", {}), ("/settings/security/sessions/end/", {"which": "all"})])
def test_signing_out_on_a_page_clears_the_browser(signed_in: Client, path: str, data: dict[str, str]):
    secret = signed_in.session.session_key
    answer = signed_in.post(path, data)
    assert answer.headers["Clear-Site-Data"] == FORGOTTEN
    assert answer.headers["Location"] == "/"
    taken_back = answer.cookies[configured.SESSION_COOKIE_NAME]
    assert (taken_back.value, taken_back["max-age"]) == ("", 0)
    assert "signed out" in signed_in.get("/").content.decode()  # the message outlives it
    signed_in.cookies[configured.SESSION_COOKIE_NAME] = secret
    assert signed_in.get("/home/").status_code == 302


def test_signing_out_of_the_admin_clears_the_browser():
    officer = client_of(make_staff())
    assert officer.post("/admin/logout/").headers["Clear-Site-Data"] == FORGOTTEN
    assert officer.get("/admin/").status_code == 302


def test_signing_out_over_rest_clears_the_browser(person: User):
    app = App()
    app.sign_in(person.username, PASSWORD)
    assert "Clear-Site-Data" not in app.get("me").headers
    assert app.send("DELETE", "auth/session").headers["Clear-Site-Data"] == FORGOTTEN
    assert app.get("me").status_code == 401


def test_other_answers_clear_nothing(signed_in: Client):
    for path in ("/", "/home/", "/sign-in/", "/settings/security/"):
        assert "Clear-Site-Data" not in signed_in.get(path).headers


ENTRANCES = [
    ("POST", "auth/sign-in"),
    ("POST", "auth/code"),
    ("POST", "auth/code/confirm"),
    ("GET", "auth/passkey"),
    ("POST", "auth/passkey"),
    ("POST", "registrations/individual"),
    ("POST", "registrations/enterprise"),
]


@pytest.mark.parametrize(("method", "path"), ENTRANCES)
def test_an_entrance_refuses_the_token_of_a_signed_in_person(method: str, path: str):
    make_policy("intl")
    app, other = registered(), make_person()
    token = app.token
    body = {"login": other.username, "password": PASSWORD} if path == "auth/sign-in" else {}
    answer = app.send(method, path, body if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_signed_in")
    assert App(token).get("me").json()["username"] == "joerg_gross"


def test_a_token_that_has_ended_or_was_never_one_signs_in(person: User):
    app = App()
    app.sign_in(person.username, PASSWORD)
    app.send("DELETE", "auth/session")
    assert app.sign_in(person.username, PASSWORD).json()["signed_in"]
    assert App("ppt_" + "0" * 32).sign_in(person.username, PASSWORD).json()["signed_in"]
