"""Known and unknown people take the same statements, so that neither answer nor time shows who is known."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.users.models import User
from privacy.journal import maintenance
from privacy.policies import published as published_versions
from tests.app import App
from tests.factories import make_policy

UNKNOWN = {"phone": "+4915199999999", "email": "nobody@example.org", "username": "nobody-here"}
Ask = Callable[[str], object]

ENTRANCES: dict[str, Ask] = {
    "code to sign in": lambda login: App().post("auth/code", {"login": login}),
    "code to recover": lambda login: App().post("auth/recover", {"login": login}),
    "code to recover, on the page": lambda login: Client().post("/recover/", {"login": login}),
    "code to sign in, on the page": lambda login: Client().post("/sign-in/code/", {"login": login}),
    "wrong password": lambda login: App().sign_in(login, "Copper-Meadow-Violin-31"),
    "wrong password, on the page": lambda login: Client().post("/sign-in/", {"login": login, "password": "wrong"}),
}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements of both databases, without their values and random names."""
    made: list[str] = []
    with CaptureQueriesContext(connections["default"]) as data, CaptureQueriesContext(connections["keys"]) as keys:
        yield made
    for database in (data, keys):
        made += [_shape(query["sql"]) for query in database.captured_queries]


def _shape(sql: str) -> str:
    without_values = re.sub(r"X'[0-9A-F]*'|'(?:[^']|'')*'(?:::\w+)?|\b\d+(?:\.\d+)?\b", "?", sql)
    return re.sub(r'"s\?_x\?"|"s[0-9a-z_]+"', "savepoint", without_values)


@pytest.fixture(autouse=True)
def _asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask once what every request asks once a second: that second must not end between two requests."""
    monkeypatch.setattr(maintenance, "SECONDS", 3600.0)
    monkeypatch.setattr(published_versions, "REMEMBERED_SECONDS", 3600.0)


@pytest.mark.parametrize("kind", UNKNOWN)
@pytest.mark.parametrize("entrance", ENTRANCES)
def test_known_and_unknown_logins_take_the_same_statements(entrance: str, kind: str, person: User, limits_on):
    known = {
        "phone": str(ContactPoint.objects.get(subject_id=person.subject_id).value),
        "email": "maria@example.org",
        "username": person.username,
    }
    mark_verified(add_contact_point(subject=person.subject, field="email", value=known["email"]))
    with time_machine.travel(timezone.now(), tick=False):  # a window of the totals must not end in between
        ENTRANCES[entrance](UNKNOWN[kind] + "x" if kind == "username" else UNKNOWN[kind])  # what is made once, first
        with statements() as of_somebody:
            somebody = ENTRANCES[entrance](known[kind])
        with statements() as of_nobody:
            nobody = ENTRANCES[entrance](UNKNOWN[kind])
    assert somebody.status_code == nobody.status_code
    assert of_somebody == of_nobody
    # No code is sent to a username: its shape alone is refused, without asking a database.
    assert (of_somebody == []) is (kind == "username" and entrance.startswith("code"))


def test_a_mistyped_number_is_changed_by_the_same_statements_to_a_known_as_to_an_unknown_one(person: User, limits_on):
    make_policy("intl")
    known = str(ContactPoint.objects.get(subject_id=person.subject_id).value)
    made: list[list[str]] = []
    with time_machine.travel(timezone.now(), tick=False):
        for number, value in enumerate(("+4915123450011", known, "+4915123450012")):
            app = App()
            app.register(username=f"mistyped_{number}", phone="+4915123450099")
            with statements() as asked:
                assert app.post("auth/verify/contact", {"value": value}).status_code == 200
            made.append(asked)
    assert made[1] == made[2]
    assert len(made[1]) > 1
