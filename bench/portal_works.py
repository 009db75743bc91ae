"""What the portal does: the same requests as the floor, through its whole stack, and signing up and in."""

import io
import itertools
import json
import random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from accounts.registration.made_up_people import make_up_people
from bench.calls import call
from bench.sealing import aes_alone, seal_and_open
from bench.work import Work

PASSWORD = "Lantern-Quartz-Orbit-51"  # noqa: S105
# A run asks for so many people's data in turn, spread over the tables.
ASKED = 500


def works(people: str) -> dict[str, Work]:
    """Make the tables and as many people, and return the works."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    for database in ("default", "keys"):
        call_command("migrate", database=database, verbosity=0)
    call_command("publish_sample_policies", stdout=io.StringIO())
    made = list(make_up_people(int(people)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    random.seed(1)
    asked = random.sample(made, min(ASKED, len(made)))
    tokens, people_in_turn = itertools.cycle([f"Bearer {person.token}" for person in asked]), itertools.cycle(asked)
    application, numbers = get_wsgi_application(), itertools.count()
    policy = json.loads(call(application, "GET", "/api/v1/policies/current?country=DE"))

    def get_me() -> None:
        call(application, "GET", "/api/v1/me", token=next(tokens))

    def patch_me() -> None:
        body = {"company_name": f"Petrović & daughters {next(numbers)}"}
        call(application, "PATCH", "/api/v1/me", token=next(tokens), body=body)

    def sign_in() -> None:
        person = next(people_in_turn)
        body = {"login": person.username, "password": person.password}
        call(application, "POST", "/api/v1/auth/sign-in", body=body, network=next(numbers))

    def sign_up() -> None:
        body = _registration(next(numbers), policy)
        path = "/api/v1/registrations/individual"
        call(application, "POST", path, body=body, network=next(numbers), status=201)

    for _person in asked:
        get_me()  # the first request of a session writes the time zone into it
    return {
        "get_me": get_me,
        "patch_me": patch_me,
        "sign_in": sign_in,
        "sign_up": sign_up,
        "hash": lambda: make_password(PASSWORD) and None,
        "seal_and_open": seal_and_open,
        "aes_alone": aes_alone,
    }


def _registration(number: int, policy: dict[str, str]) -> dict[str, object]:
    agreed = {"policy": policy["digest"], "language": policy["language"], "agreed": True, "age_confirmed": True}
    return {
        "name": "Jörg Groß",
        "username": f"newcomer{number}",
        "password": PASSWORD,
        "phone": f"+4915{number * 10_007 % 10**9:09}",  # no two neighbours, whose codes are counted together
        "country": "DE",
        "consent": agreed,
    }
