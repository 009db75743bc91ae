"""A new account and its code are one write, so that neither is there without the other; so is what a sign-in stores."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.contact_points.models import Code, ContactPoint
from accounts.profiles.models import Profile
from accounts.security_events.models import SecurityEvent
from accounts.sessions.models import KnownDevice, Session
from accounts.tries.limits import LIMITS, consume
from accounts.tries.models import TryWait
from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.encryption.models import DataKey
from privacy.evidence.models import ChainHead
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject
from tests.app import App
from tests.factories import PASSWORD, make_person, make_policy
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import newest_code, register

WRITES = ("INSERT", "UPDATE", "DELETE")


def transactions(statements: list[str]) -> list[list[str]]:
    """Return the writes of each transaction; a write outside of one is its own."""
    found: list[list[str]] = []
    is_open = False
    for sql in statements:
        if sql.startswith("BEGIN"):
            found.append([])
        is_open = sql.startswith("BEGIN") or (is_open and not sql.startswith(("COMMIT", "ROLLBACK")))
        if sql.startswith(WRITES):
            if is_open:
                found[-1].append(sql)
            else:
                found.append([sql])
    return [writes for writes in found if writes]


@pytest.mark.usefixtures("limits_on")
@pytest.mark.parametrize("interface", ["page", "rest"])
def test_an_account_whose_code_is_one_too_many_is_not_stored(client: Client, interface: str):
    make_policy("intl")
    for _ in range(LIMITS["code"]["contact"].count):
        consume("code", contact=[INDIVIDUAL["phone"]])
    answer = register(client) if interface == "page" else App().register()
    assert answer.status_code == 429
    kinds = (User, DataSubject, ContactPoint, Code, Notice, DataKey)
    assert [kind.objects.count() for kind in kinds] == [0] * len(kinds)


def test_one_code_is_sent_and_works(client: Client):
    make_policy("intl")
    register(client)
    assert (Code.objects.count(), Notice.objects.count()) == (1, 1)
    assert client.post("/sign-in/verify/", {"code": newest_code()}).status_code == 302
    assert User.objects.get().is_verified


def test_a_form_sent_again_sends_a_code_that_works_in_its_own_session():
    make_policy("intl")
    first, again = App(), App()
    key = {"idempotency_key": "0123456789abcdef"}
    first.register(headers=key)
    register_again = Client()
    register(register_again)  # another sending, of which the first has the username until one is verified
    assert User.objects.count() == 2
    assert again.register(headers=key).json()["token"] == first.token
    assert register_again.post("/sign-in/verify/", {"code": newest_code()}).status_code == 302


def test_the_owner_of_a_number_is_notified_and_the_strangers_code_does_not_work():
    make_policy("intl")
    make_person(phone=INDIVIDUAL["phone"])
    app = App()
    assert app.register().json()["next"] == "verify_contact"
    assert Notice.objects.get().template == "already_registered"
    assert app.post("auth/verify", {"code": "123456"}).json()["code"] == "wrong_code"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_an_account_and_its_code_are_one_transaction():
    make_policy("intl")
    with CaptureQueriesContext(connection) as asked:
        assert App().register().status_code == 201
    written = {DataSubject, User, Profile, ContactPoint, Code, Notice, ConsentRecord, ChainHead}
    tables = {kind._meta.db_table for kind in written}
    found = [
        {table for table in tables if any(f'"{table}"' in sql for sql in writes)}
        for writes in transactions([query["sql"] for query in asked.captured_queries])
    ]
    assert [names for names in found if names] == [tables]


@pytest.mark.parametrize(
    "step", ["accounts.registration.services.record_consent", "privacy.notices.models.Notice.save"]
)
def test_where_a_step_of_a_registration_fails_nothing_is_stored(step: str, monkeypatch: pytest.MonkeyPatch):
    make_policy("intl")
    app = App()

    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("the last step")

    app.client.raise_request_exception = False
    monkeypatch.setattr(step, fail)
    assert app.register().status_code == 500
    kinds = (User, DataSubject, Profile, ContactPoint, Code, Notice, ConsentRecord)
    assert [kind.objects.count() for kind in kinds] == [0] * len(kinds)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.usefixtures("limits_on")
@pytest.mark.parametrize("interface", ["page", "rest"])
def test_what_a_sign_in_writes_is_one_transaction_after_its_try(interface: str):
    person = make_person()

    def sign_in() -> None:
        if interface == "page":
            assert Client().post("/sign-in/", {"login": person.username, "password": PASSWORD}).status_code == 302
        else:
            assert App().sign_in(person.username, PASSWORD).json()["signed_in"]

    sign_in()
    with CaptureQueriesContext(connection) as asked:
        sign_in()
    paid, signed_in = transactions([query["sql"] for query in asked.captured_queries])
    assert all("accounts_trywait" in sql for sql in paid)
    written = {Session, SecurityEvent, KnownDevice, User, TryWait}
    assert all(any(f'"{kind._meta.db_table}"' in sql for sql in signed_in) for kind in written)
    assert sum('INSERT INTO "accounts_session"' in sql for sql in signed_in) == 1
    assert not any('UPDATE "accounts_session"' in sql for sql in signed_in)
    assert not TryWait.objects.exists()


@pytest.mark.usefixtures("limits_on")
def test_a_right_password_is_forgiven_its_tries_also_where_a_step_is_still_needed():
    person = make_person()
    person.is_active = False  # cancelled: signing in waits at the page that undoes it
    person.save(update_fields=["is_active"])
    assert App().sign_in(person.username, "Copper-Meadow-Violin-31").status_code == 422
    assert TryWait.objects.exists()
    App().sign_in(person.username, PASSWORD)
    assert not TryWait.objects.exists()


def test_a_sign_in_that_fails_at_its_end_stores_no_session(monkeypatch: pytest.MonkeyPatch):
    person, app = make_person(), App()

    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("the last step")

    app.client.raise_request_exception = False
    monkeypatch.setattr("accounts.sign_in.adapter.forgive_tries", fail)
    assert app.sign_in(person.username, PASSWORD).status_code == 500
    assert not Session.objects.exists()
    assert not SecurityEvent.objects.filter(kind=SecurityEvent.Kind.SIGNED_IN).exists()
