"""Answers for known and unknown people take the same time: whoever measures them cannot tell which is which.

Each entrance is measured in random order; the area under the ROC curve says how often a known person's answer is the
slower of two, 0.5 being chance.
"""

import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client

from privacy.notices.models import Notice
from tests.app import App
from tests.doors import newest_code
from tests.factories import make_person, make_policy
from tests.faults.conftest import IS_FULL

SAMPLES, MOST = 400, 0.55
WARM_UP = 20
Ask = Callable[[str, int], Callable[[], object]]

pytestmark = [
    pytest.mark.skipif(not IS_FULL, reason="400 samples of each entrance take minutes: FAULTS=full"),
    pytest.mark.django_db(transaction=True, databases="__all__"),
]


# A client that is new loads every middleware before its first request: that would hide what is measured.
_HANDLER = Client().handler


def new_app() -> App:
    app = App()
    app.client.handler = _HANDLER
    return app


def area(known: list[float], unknown: list[float]) -> float:
    """Return how often a known person's time is greater than an unknown one's, half of the ties counted."""
    ordered = sorted(unknown)
    wins = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in known)
    return wins / (2 * len(known) * len(unknown))


def measured(ask: Ask, known: list[str], unknown: list[str]) -> float:
    """Measure each of both in random order, and return the area."""
    for number, login in enumerate(known[:WARM_UP] + unknown[:WARM_UP]):
        ask(login, number)()
    turns = [(True, login) for login in known] + [(False, login) for login in unknown]
    random.shuffle(turns)
    times: dict[bool, list[float]] = {True: [], False: []}
    for number, (is_known, login) in enumerate(turns, WARM_UP * 2):
        act = ask(login, number)
        began = time.perf_counter()
        act()
        times[is_known].append(time.perf_counter() - began)
    return area(times[True], times[False])


@pytest.fixture
def logins() -> tuple[list[str], list[str]]:
    make_policy("intl")
    known = [f"+49151234{number:05}" for number in range(SAMPLES)]
    for phone in known:
        make_person(phone=phone)
    return known, [f"+49151235{number:05}" for number in range(SAMPLES)]


def check(found: float, where: str, record_property: Callable[[str, object], None]) -> None:
    record_property(where, round(found, 3))
    print(f"{where}: AUC {found:.3f}")  # noqa: T201 - read with `-s`, or in a report
    assert abs(found - 0.5) <= MOST - 0.5, where


@pytest.mark.parametrize("path", ["auth/recover", "auth/code"])
def test_asking_for_a_code(path: str, logins, record_property):
    def ask(login: str, _number: int) -> Callable[[], object]:
        return partial(new_app().post, path, {"login": login})

    check(measured(ask, *logins), path, record_property)


@pytest.mark.parametrize("path", ["auth/recover", "auth/code"])
def test_giving_a_wrong_code(path: str, logins, record_property):
    def ask(login: str, _number: int) -> Callable[[], object]:
        app = new_app()
        app.post(path, {"login": login})
        return lambda: app.post(f"{path}/confirm", {"code": "000000"})

    check(measured(ask, *logins), f"{path}/confirm", record_property)


def test_the_page_of_recovery(logins, record_property):
    def ask(login: str, _number: int) -> Callable[[], object]:
        client = Client()
        client.handler = _HANDLER
        return lambda: client.post("/recover/", {"login": login})

    check(measured(ask, *logins), "/recover/", record_property)


def test_signing_in_with_a_wrong_password(logins, record_property):
    def ask(login: str, _number: int) -> Callable[[], object]:
        return partial(new_app().sign_in, login, "Copper-Meadow-Violin-31")

    check(measured(ask, *logins), "auth/sign-in", record_property)


def test_registering_with_a_contact_point_that_somebody_has(logins, record_property):
    def ask(login: str, number: int) -> Callable[[], object]:
        return partial(new_app().register, username=f"newcomer{number}", phone=login)

    check(measured(ask, *logins), "registrations/individual", record_property)


def test_asking_again_for_the_code_of_a_registration(logins, record_property):
    def ask(login: str, number: int) -> Callable[[], object]:
        app = new_app()
        app.register(username=f"newcomer{number}", phone=login)
        return lambda: app.post("auth/verify/resend")

    check(measured(ask, *logins), "auth/verify/resend", record_property)


def test_giving_a_wrong_code_to_a_registration(logins, record_property):
    def ask(login: str, number: int) -> Callable[[], object]:
        app = new_app()
        app.register(username=f"newcomer{number}", phone=login)
        return lambda: app.post("auth/verify", {"code": "000000"})

    check(measured(ask, *logins), "auth/verify", record_property)


def test_the_unknown_are_sent_nothing(logins):
    known, unknown = logins
    App().post("auth/code", {"login": unknown[0]})
    assert not Notice.objects.exclude(template="to_nobody").exists()
    App().post("auth/code", {"login": known[0]})
    assert newest_code("sign_in_code")
