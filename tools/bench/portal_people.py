"""The data of a portal that is measured over HTTP: tables, people, and the work that is left."""

import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.test import Client

from accounts.users.models import User
from portal.runtime.celery_app import app
from portal.runtime.queues import depths
from portal.runtime.supervisor.preparation import prepare
from privacy.erasure.models import ErasureCase
from privacy.erasure.tasks import erase_due_accounts
from privacy.notices.models import Notice
from privacy.notices.tasks import send_due_codes, send_due_notices
from tools.bench.calls import HEADERS
from tools.bench.due_erasures import make_due
from tools.bench.known_people import KnownPeople, Person, chosen
from tools.bench.portal_works import spread_over_years
from tools.bench.work import Work
from tools.load_test.people import LoadTestPerson, create_people

PATIENCE_SECONDS, SWEEP_SECONDS = 60, 2
State = ErasureCase.State


class WorkerIsSlow(Exception):
    """The worker did not finish its work in time."""


def works(people: str, file: str) -> dict[str, Work]:
    """Make tables and people, write into a file how some sign in, and return the works `settle` and `erase`."""
    prepare(lambda _line: None)
    asked, leaving = chosen(list(create_people(int(people))))
    spread_over_years()
    known = ([Person(p.username, p.password, p.token) for p in some] for some in (asked, leaving))
    KnownPeople(*known, cookies=list(_cookies(asked[:50]))).write(file)
    return {"settle": settle, "erase": erase}


def settle() -> None:
    """Wait until the workers have no more work. Raises `WorkerIsSlow`."""
    _wait(lambda: not any(depths(app).values()) and not _waiting_notices().exists(), _send_due)


def erase() -> None:
    """Make the erasure of every cancelled account due, and wait for it and its last notice. Raises `WorkerIsSlow`."""
    make_due(list(ErasureCase.objects.filter(state=State.COOLING_OFF).values_list("subject", flat=True)))
    erase_due_accounts.delay()
    _wait(lambda: not _due_cases().exists(), erase_due_accounts.delay)
    send_due_notices.delay()
    settle()


def _wait(is_done: Callable[[], bool], wake: Callable[[], object]) -> None:
    """Wait until something is done; start its sweep from time to time, as beat does. Raises `WorkerIsSlow`."""
    started = woken = time.monotonic()
    while not is_done():
        if (now := time.monotonic()) > started + PATIENCE_SECONDS:
            raise WorkerIsSlow(f"{_waiting_notices().count()} messages, {_due_cases().count()} erasures wait.")
        if now > woken + SWEEP_SECONDS:
            woken = now
            wake()
        time.sleep(0.02)


def _send_due() -> None:
    send_due_codes.delay()
    send_due_notices.delay()


def _waiting_notices() -> "QuerySet[Notice]":
    return Notice.objects.filter(state=Notice.State.QUEUED, due_at__lte=Now())


def _due_cases() -> "QuerySet[ErasureCase]":
    return ErasureCase.objects.filter(state__in=[State.COOLING_OFF, State.ROWS_ERASED], due_at__lte=Now())


def _cookies(people: Iterable[LoadTestPerson]) -> Iterable[str]:
    """Yield the cookie of a new session in a browser of each."""
    for person in people:
        browser = Client(HTTP_HOST=HEADERS["HTTP_HOST"])
        browser.force_login(User.objects.get(username_index=person.username))
        yield f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
