"""How often a request asks each of the two databases, exactly, so that a slow-down is seen in review.

Counted once a process is warm: its compiled queries are made, the system keys open, the published versions known (they
are read again every second). Begins and ends of transactions are left out, because a test's own transaction turns them
into savepoints. SQLite and PostgreSQL get the same queries, except that only PostgreSQL has a clock query.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.contact_points.services import add_contact_point, mark_verified
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.inventory.queries import declared_records
from privacy.journal import maintenance
from privacy.journal.maintenance import in_maintenance
from privacy.policies import published as published_versions
from tests.app import App
from tests.erasures import erase, held
from tests.factories import PASSWORD, make_person, make_policy, pass_time
from tests.sign_in_clients import register

CLOCK = "SELECT clock_timestamp()"
# The journal takes a lock as it begins a transaction: SQLite by that alone, PostgreSQL by a query.
LOCK = "SELECT pg_try_advisory_xact_lock"
OF_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", LOCK)
_numbers = count(1)


class Asked(NamedTuple):
    """How often each database was asked; besides, PostgreSQL for the time."""

    default: int
    keys: int
    clock: int = 0


# Who sends what, the answer's status, and how often `default`, `keys` and the clock are asked.
REQUESTS = [
    ("nobody", "GET /", 200, Asked(0, 0)),
    ("nobody", "GET /sign-in/", 200, Asked(0, 0)),
    ("nobody", "GET /sign-in/code/", 200, Asked(0, 0)),
    ("nobody", "GET /policies/", 200, Asked(2, 0)),
    ("nobody", "GET /policies/intl/", 200, Asked(5, 0)),
    ("nobody", "GET /receipts/", 200, Asked(0, 0)),
    ("nobody", "GET /requests/", 200, Asked(0, 0)),
    ("nobody", "GET /register/", 200, Asked(0, 0)),
    ("nobody", "GET /register/individual/?country=DE", 200, Asked(0, 0)),
    ("nobody", "POST /register/individual/", 302, Asked(14, 1)),
    ("nobody", "POST /sign-in/", 302, Asked(12, 1)),
    ("nobody", "POST /api/v1/registrations/individual", 201, Asked(13, 1)),
    ("nobody", "POST /api/v1/auth/sign-in", 200, Asked(12, 1)),
    ("person", "GET /", 302, Asked(1, 1)),
    ("person", "GET /home/", 200, Asked(10, 1)),
    ("person", "GET /settings/", 200, Asked(11, 1)),
    ("person", "GET /settings/profile/", 200, Asked(6, 1)),
    ("person", "GET /settings/privacy/", 200, Asked(5, 1)),
    ("person", "GET /settings/security/", 200, Asked(8, 1)),
    ("person", "GET /settings/devices/", 200, Asked(5, 1)),
    ("person", "GET /settings/preferences/", 200, Asked(3, 1)),
    ("person", "GET /settings/security/events/", 200, Asked(5, 1)),
    ("person", "GET /settings/privacy/copy/", 200, Asked(4, 1)),
    ("person", "GET /settings/privacy/access/", 200, Asked(4, 1)),
    ("person", "GET /requests/", 200, Asked(3, 1)),
    ("person", "GET /settings/requests/", 200, Asked(4, 1)),
    ("person", "GET /settings/services/", 200, Asked(5, 1)),
    ("person", "GET /settings/services/product_news/", 200, Asked(5, 1)),
    ("person", "GET /settings/cancel/", 200, Asked(7, 1)),
    ("person", "POST /settings/cancel/", 302, Asked(19, 2, clock=2)),
    ("app", "GET /api/v1/me", 200, Asked(3, 1)),
    ("app", "PATCH /api/v1/me", 200, Asked(6, 1)),
    ("app", "GET /api/v1/me/requirements", 200, Asked(3, 1)),
    ("app", "GET /api/v1/me/requirements?for=product_news", 200, Asked(3, 1)),
    ("app", "GET /api/v1/me/consents", 200, Asked(4, 1)),
    ("app", "POST /api/v1/me/cancellation", 201, Asked(22, 2, clock=2)),
]
# A sweep, of however many people; besides, it asks once for each declared record.
# In a new portal it makes a system key, and asks first whether the data belong to another keys database.
SWEEP_BESIDES_RECORDS = Asked(44, 10, clock=2)


class CountingClient(Client):
    """Knows what its last request asked of which database."""

    asked: dict[str, list[str]]

    def request(self, **request: Any) -> HttpResponse:
        with counted() as self.asked:
            return super().request(**request)


@contextmanager
def counted() -> Iterator[dict[str, list[str]]]:
    """Count what the databases are asked inside a `with`: its statements by database, once it is over."""
    asked: dict[str, list[str]] = {}
    with CaptureQueriesContext(connections["default"]) as default, CaptureQueriesContext(connections["keys"]) as keys:
        yield asked
    for alias, captured in (("default", default), ("keys", keys)):
        statements = [query["sql"] for query in captured.captured_queries]
        asked[alias] = [sql for sql in statements if not sql.startswith(OF_TRANSACTIONS)]


def check(asked: dict[str, list[str]], expected: Asked) -> None:
    clock = asked["default"].count(CLOCK)
    found = Asked(len(asked["default"]) - clock, len(asked["keys"]), clock)
    assert found == (expected if connection.vendor == "postgresql" else expected._replace(clock=0)), asked


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """Tries are counted in windows of five minutes: the first of a window adds a row."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture(autouse=True)
def _warm(monkeypatch, _stopped_clock):
    """Publish a policy and let what is known for a second stay known: a slow test would read it once more."""
    make_policy("intl")
    monkeypatch.setattr(published_versions, "REMEMBERED_SECONDS", 3600.0)
    monkeypatch.setattr(maintenance, "SECONDS", 3600.0)
    in_maintenance()


def send(by: str, what: str) -> tuple[HttpResponse, dict[str, list[str]]]:
    """Let a new visitor send a request; return the answer and what was asked for it."""
    method, path = what.split(" ")
    client = CountingClient()
    answer = SENDERS[by](client, method, path)
    return answer, client.asked


def as_anonymous(client: Client, method: str, path: str) -> HttpResponse:
    number = next(_numbers)
    app = App()
    app.client = client
    new = {"username": f"newcomer{number}", "phone": f"+49151234{number:05}"}
    match method, path:
        case "POST", "/register/individual/":
            return register(client, **new)
        case "POST", "/api/v1/registrations/individual":
            return app.register(**new)
        case "POST", "/sign-in/":
            return client.post(path, {"login": make_person().username, "password": PASSWORD})
        case "POST", "/api/v1/auth/sign-in":
            return app.sign_in(make_person().username, PASSWORD)
    return client.get(path)


def as_person(client: Client, method: str, path: str) -> HttpResponse:
    client.post("/sign-in/", {"login": make_person().username, "password": PASSWORD})
    client.get("/home/")
    return client.post(path, {"confirmed": "on"}) if method == "POST" else client.get(path)


def as_app(client: Client, method: str, path: str) -> HttpResponse:
    app = App()
    app.client = client
    app.sign_in(make_person().username, PASSWORD)
    app.get("me")
    bodies = {"PATCH": {"company_name": "Groß & Söhne"}, "POST": {"confirmed": True}}
    return app.send(method, path, bodies.get(method))


SENDERS = {"nobody": as_anonymous, "person": as_person, "app": as_app}


@pytest.mark.parametrize(("by", "what", "status", "expected"), REQUESTS, ids=[f"{r[0]}: {r[1]}" for r in REQUESTS])
def test_a_request_asks_exactly_this_often(by: str, what: str, status: int, expected: Asked):
    send(by, what)
    answer, asked = send(by, what)
    assert answer.status_code == status
    check(asked, expected)


@pytest.mark.parametrize("path", ["/sign-in/", "/api/v1/auth/sign-in"])
@pytest.mark.parametrize("state", ["usual", "cancelled", "held"])
@pytest.mark.parametrize("by", ["username", "phone", "phone in the country", "email"])
def test_a_failed_sign_in_has_as_many_queries_for_known_as_for_unknown_logins(path: str, state: str, by: str):
    def asked(login: str) -> dict[str, list[str]]:
        client = CountingClient()
        app = App()
        app.client = client
        if path == "/sign-in/":
            client.post(path, {"login": login, "password": "wrong"})
        else:
            app.sign_in(login, "wrong")
        return {alias: [sql.split(" ")[0] for sql in statements] for alias, statements in client.asked.items()}

    user = make_person(phone="+8613800138000", jurisdiction="cn")
    mark_verified(add_contact_point(subject=user.subject, field="email", value="a@example.com"))
    if state == "cancelled":
        cancel_account(subject=user.subject)
    elif state == "held":
        held(user, "account", "contact")
        erase(user)
    known, unknown = {
        "username": (user.username, "nobody"),
        "phone": ("+8613800138000", "+8613800138001"),
        "phone in the country": ("13800138000", "13800138001"),
        "email": ("a@example.com", "b@example.com"),
    }[by]
    asked(unknown)
    assert asked(known) == asked(unknown)


@pytest.mark.parametrize("people", [3, 30])
def test_a_sweep_asks_as_often_for_many_people_as_for_few(people: int):
    cases = [cancel_account(subject=make_person().subject) for _ in range(people)]
    for case in cases:
        pass_time(case, settings.COOLING_OFF)
    with counted() as asked:
        erase_due_accounts()
    assert ErasureCase.objects.filter(state=ErasureCase.State.ERASED).count() == people
    check(asked, SWEEP_BESIDES_RECORDS._replace(default=SWEEP_BESIDES_RECORDS.default + len(declared_records())))
