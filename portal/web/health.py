"""Is the process up, and does everything that it needs answer?

Ready is who can serve people. That needs both databases, open for writing, and a journal that agrees with them. Redis
is named too, but a portal without it goes on: answering 503 for it would take every host out of service at once.
"""

import http
import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from portal.runtime.celery_app import app as celery_app
from portal.runtime.queues import BROKER_SECONDS, silent_queues
from privacy.journal.errors import JournalError
from privacy.journal.maintenance import why_in_maintenance

logger = logging.getLogger(__name__)


class WorkersSilent(Exception):
    """The workers of some queues ran nothing for too long; the message names the queues."""


class NotKept(Exception):
    """The cache took a value and did not give it back, or another cache stands in for it."""


class ReadOnly(Exception):
    """The database takes no writes: it is a replica, as after a failover, or its files are read-only."""


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer that the process is up; asks nobody else."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer what is ready, by name; 503 where something is not that people cannot be served without."""
    answers = {name: _answers(name, check) for name, check in CHECKS.items()}
    is_ready = all(answer for name, answer in answers.items() if name not in SPARED)
    status = http.HTTPStatus.OK if is_ready else http.HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({name: "ok" if answer else "failed" for name, answer in answers.items()}, status=status)


def _answers(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - whatever a server's library raises means that it does not answer
        logger.warning("Not ready: %s (%s).", name, type(error).__name__)
        return False
    return True


def _check_database(alias: str) -> None:
    """Raise where a database does not answer or takes no writes; nothing is written."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        # Its transactions begin with the lock of a writer.
        with transaction.atomic(using=alias):
            return
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        is_read_only = cursor.fetchone()[0] == "on"
    if is_read_only:
        if not connection.in_atomic_block:
            connection.close()  # the next one may lead to the new primary
        raise ReadOnly


def _check_cache() -> None:
    cache.set("readyz", "ok", timeout=60)
    if cache.get("readyz") != "ok" or cache.is_away():  # type: ignore[attr-defined]
        raise NotKept


def _check_broker() -> None:
    with celery_app.connection_for_write(connect_timeout=BROKER_SECONDS) as connection:
        connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)


def _check_journal() -> None:
    if why := why_in_maintenance():
        raise JournalError(why)


def _check_workers() -> None:
    if silent := silent_queues():
        raise WorkersSilent(", ".join(silent))


# What pages go on without: the database counts tries, and a later sweep does what waits. Alarms say it.
SPARED = frozenset({"cache", "broker", "workers"})
CHECKS: dict[str, Callable[[], None]] = {
    "database": lambda: _check_database("default"),
    "keys": lambda: _check_database("keys"),
    "cache": _check_cache,
    "broker": _check_broker,
    "workers": _check_workers,
    "journal": _check_journal,
}
