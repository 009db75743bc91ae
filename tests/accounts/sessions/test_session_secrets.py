"""No stored value can be used to sign in, and a cookie and a token never work as each other."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.sessions.keys import TOKEN_PREFIX
from accounts.sessions.models import Session
from accounts.users.models import User
from tests.app import App
from tests.factories import PASSWORD, make_policy
from tools.load_test.people import create_people


@pytest.fixture
def app(person: User) -> App:
    app = App()
    assert app.sign_in(person.username, PASSWORD).json()["signed_in"]
    return app


def stored_keys() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM accounts_session")
        return [value for (value,) in cursor.fetchall()]


def opens_as_cookie(value: str) -> bool:
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = value
    return browser.get("/home/").status_code == 200


def opens_as_token(value: str) -> bool:
    return App(value).get("me").status_code == 200


def test_a_stored_key_is_neither_a_token_nor_a_cookie(signed_in: Client, app: App):
    keys = stored_keys()
    assert len(keys) == 2
    for key in keys:
        for value in (key, key[:32], TOKEN_PREFIX + key[:32]):
            assert not opens_as_token(value)
            assert not opens_as_cookie(value)
    assert signed_in.get("/home/").status_code == 200
    assert app.get("me").status_code == 200


def test_no_column_of_a_session_holds_its_secret(signed_in: Client, app: App):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_session")
        rows = str(cursor.fetchall())
    assert signed_in.session.session_key not in rows
    assert app.token not in rows
    assert app.token.removeprefix(TOKEN_PREFIX) not in rows


def test_signing_in_gives_a_new_secret_and_ends_the_one_before(person: User):
    browser = Client()
    before = browser.session
    before["seen"] = "before"
    before.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = secret = before.session_key
    browser.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert browser.session.session_key != secret
    assert browser.get("/home/").status_code == 200
    assert not opens_as_cookie(secret)
    assert Session.objects.count() == 1


def test_a_cookie_never_works_as_a_token(signed_in: Client):
    secret = signed_in.session.session_key
    assert opens_as_cookie(secret)
    assert not opens_as_token(secret)
    assert not opens_as_token(TOKEN_PREFIX + secret)


def test_a_token_never_works_as_a_cookie(app: App):
    assert opens_as_token(app.token)
    assert not opens_as_cookie(app.token)
    assert not opens_as_cookie(app.token.removeprefix(TOKEN_PREFIX))


def test_a_row_whose_kind_was_changed_opens_for_neither(signed_in: Client):
    secret = signed_in.session.session_key
    Session.objects.update(kind=Session.Kind.TOKEN)
    assert not opens_as_token(secret)
    assert not opens_as_token(TOKEN_PREFIX + secret)


def test_a_token_says_by_its_prefix_what_it_is(app: App):
    assert app.token.startswith("ppt_")


def test_the_handle_of_a_session_opens_nothing(app: App):
    handle = app.get("auth/sessions").json()[0]["id"]
    for value in (handle, handle[:32], TOKEN_PREFIX + handle[:32]):
        assert not opens_as_token(value)
        assert not opens_as_cookie(value)


def test_a_session_that_is_made_for_a_load_test_opens_by_its_token_alone():
    make_policy("cn")
    made = next(create_people(1))
    assert opens_as_token(made.token)
    assert not opens_as_cookie(made.token)
    assert made.token not in str(Session.objects.values())
