"""A database that is away, busy or read-only is answered with 503 and when to come again, never with 500."""

import pytest
from django.db import DataError, InterfaceError, OperationalError, connections, transaction
from django.test import Client

from tests.app import App
from tests.factories import make_policy

PAGE, ENDPOINT = "/sign-in/", "/api/v1/policies/current?country=DE"


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def fail_with(error: Exception):
    def fail(*_given, **_more):
        raise error

    return fail


@pytest.mark.parametrize("error", [OperationalError("connection refused"), InterfaceError("connection closed")])
def test_an_error_of_the_connection_is_answered_503(browser: Client, monkeypatch, error: Exception):
    monkeypatch.setattr("accounts.sessions.middleware.note_use", fail_with(error))
    for path in (PAGE, ENDPOINT):
        answer = browser.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert "no-store" in answer["Cache-Control"]
    assert answer.json()["code"] == "unavailable"
    assert "What you just sent was not saved" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize("error", [DataError("value too long"), ValueError("broken")])
def test_another_error_stays_an_error_500(browser: Client, monkeypatch, error: Exception):
    monkeypatch.setattr("accounts.sessions.middleware.note_use", fail_with(error))
    assert [browser.get(path).status_code for path in (PAGE, ENDPOINT)] == [500, 500]


def test_a_missing_table_is_an_error_500(browser: Client, monkeypatch):
    def ask(*_given):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")

    monkeypatch.setattr("accounts.sessions.middleware.note_use", ask)
    assert browser.get(PAGE).status_code == 500


@pytest.mark.postgres
@pytest.mark.parametrize("alias", ["default", "keys"])
def test_a_write_to_a_read_only_database_is_answered_503(alias: str):
    make_policy("intl")
    app = App()
    app.client.raise_request_exception = False
    assert app.register(name="").status_code == 422  # what is made once is made
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        answer = app.register()
        transaction.set_rollback(True, using=alias)
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "30", "unavailable")
