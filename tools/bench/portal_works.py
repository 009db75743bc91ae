"""The works of the portal: the requests of the floor, registration and sign-in, through the whole stack."""

import io
import itertools
import json
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections

from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from tools.bench.calls import call
from tools.bench.due_erasures import cancel_ahead, make_due
from tools.bench.peers.work_requests import PASSWORD, registration
from tools.bench.sealing import aes_alone, seal_and_open
from tools.bench.staff_pages import staff_pages
from tools.bench.work import Work
from tools.load_test.people import LoadTestPerson, create_people

# People for requests in turn, spread over the tables; as many others are erased, a few at a time.
ASKED = 500
SWEPT = 5
# Works without a request.
BARE: dict[str, Work] = {
    "hash": lambda: make_password(PASSWORD) and None,
    "seal_and_open": seal_and_open,
    "aes_alone": aes_alone,
}


def prepare() -> None:
    """Make the tables of a portal, and its policies."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    for database in ("keys", "default"):
        call_command("migrate", database=database, verbosity=0)
    call_command("publish_sample_policies", stdout=io.StringIO())


def works(people: str) -> dict[str, Work]:
    """Make tables and people, and return the works."""
    prepare()
    asked, to_erase = _make_people(int(people))
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
        body = registration(next(numbers), policy)
        path = "/api/v1/registrations/individual"
        call(application, "POST", path, body=body, network=next(numbers), status=201)

    def sweep() -> None:
        make_due([to_erase.pop() for _ in range(SWEPT)])
        assert erase_due_accounts() == 2 * SWEPT

    for _person in asked:
        get_me()  # the first request of a session writes the time zone into it
    return {
        "get_me": get_me,
        "patch_me": patch_me,
        "sign_in": sign_in,
        "sign_up": sign_up,
        "sweep": sweep,
        "idle_sweep": lambda: erase_due_accounts() and None,
        **staff_pages(),
    } | BARE


def _make_people(many: int) -> tuple[list[LoadTestPerson], list[UUID]]:
    """Make people; return some for requests, and the subject ids of others whose accounts are cancelled."""
    made, spread = [], max(many // (2 * ASKED), 1)
    for number, person in enumerate(create_people(many)):
        if number % spread == 0:
            made.append(person)
    asked, others = made[::2], {person.username for person in made[1::2]}
    # Usernames are sealed: they are found by their index, as at a sign-in.
    cancelled = [User.objects.values_list("subject_id", flat=True).get(username_index=name) for name in others]
    cancel_ahead(cancelled)
    spread_over_years()
    return asked, cancelled


def spread_over_years() -> None:
    """Spread the registrations of PostgreSQL over years: many in two weeks would change the result."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_profile SET created_at = created_at - random() * INTERVAL '1000 days'")
        for alias in ("default", "keys"):
            with connections[alias].cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
