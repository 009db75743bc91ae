"""Answers for known and unknown people take the same time: measuring does not show who is known.

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

from tests.app import App
from tests.factories import make_person, make_policy
from tests.faults.conftest import full_only

SAMPLES, MOST = 400, 0.55
WARM_UP = 20
Ask = Callable[[str, int], Callable[[], object]]

pytestmark = [
    full_only,  # 400 samples of each entrance
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


def asks_for_a_code(path: str) -> Ask:
    return lambda login, _number: partial(new_app().post, path, {"login": login})


def gives_a_wrong_code(path: str) -> Ask:
    def ask(login: str, _number: int) -> Callable[[], object]:
        app = new_app()
        app.post(path, {"login": login})
        return partial(app.post, f"{path}/confirm", {"code": "000000"})

    return ask


def asks_on_the_page(login: str, _number: int) -> Callable[[], object]:
    client = Client()
    client.handler = _HANDLER
    return partial(client.post, "/recover/", {"login": login})


def signs_in(login: str, _number: int) -> Callable[[], object]:
    return partial(new_app().sign_in, login, "Copper-Meadow-Violin-31")


def registers(login: str, number: int) -> Callable[[], object]:
    return partial(new_app().register, username=f"newcomer{number}", phone=login)


def after_registering(path: str, body: dict[str, str]) -> Ask:
    def ask(login: str, number: int) -> Callable[[], object]:
        app = new_app()
        app.register(username=f"newcomer{number}", phone=login)
        return partial(app.post, path, body)

    return ask


ENTRANCES: dict[str, Ask] = {
    "sign in with a wrong password": signs_in,
    "ask for a code to sign in": asks_for_a_code("auth/code"),
    "ask for a code to recover": asks_for_a_code("auth/recover"),
    "ask for a code to recover, on the page": asks_on_the_page,
    "give a wrong code to sign in": gives_a_wrong_code("auth/code"),
    "give a wrong code to recover": gives_a_wrong_code("auth/recover"),
    "register with a contact point that somebody has": registers,
    "ask again for the code of such a registration": after_registering("auth/verify/resend", {}),
    "give a wrong code to such a registration": after_registering("auth/verify", {"code": "000000"}),
}


def test_no_entrance_tells_by_its_time_who_is_known():
    make_policy("intl")
    known = [f"+49151234{number:05}" for number in range(SAMPLES)]
    for phone in known:
        make_person(phone=phone)
    unknown = [f"+49151235{number:05}" for number in range(SAMPLES)]
    areas = {}
    for name, ask in ENTRANCES.items():
        areas[name] = measured(ask, known, unknown)
        print(f"{name}: AUC {areas[name]:.3f}", flush=True)  # noqa: T201 - read with `-s`, for a report
    assert {name: found for name, found in areas.items() if abs(found - 0.5) > MOST - 0.5} == {}
