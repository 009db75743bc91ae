"""Health checks: `healthz` (the process runs) and `readyz` (it can serve people).

Ready needs both databases, open for writing, and a journal that agrees with them. Redis is listed, too, but the portal
works without it: a 503 for Redis would take all hosts out of service at once.
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
    """The workers of some queues ran no task for too long; the message names the queues."""


class CacheNotWorking(Exception):
    """The cache lost a value, or a substitute is in use."""


class DatabaseReadOnly(Exception):
    """The database takes no writes: it is a replica, as after a failover, or its files are read-only."""


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer that the process runs; no other server is called."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer the state of each part; 503 where a necessary part is not ready."""
    answers = {name: _answers(name, check) for name, check in CHECKS.items()}
    is_ready = all(answer for name, answer in answers.items() if name not in OPTIONAL)
    status = http.HTTPStatus.OK if is_ready else http.HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({name: "ok" if answer else "failed" for name, answer in answers.items()}, status=status)


def _answers(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - any error of a library means that the server does not answer
        logger.warning("Not ready: %s (%s).", name, type(error).__name__)
        return False
    return True


def _check_database(alias: str) -> None:
    """Raise where a database does not answer or takes no writes; nothing is written."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        # Transactions begin with a write lock.
        with transaction.atomic(using=alias):
            return
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        is_read_only = cursor.fetchone()[0] == "on"
    if is_read_only:
        if not connection.in_atomic_block:
            connection.close()  # the next connection may lead to the new primary
        raise DatabaseReadOnly


def _check_cache() -> None:
    cache.set("readyz", "ok", timeout=60)
    if cache.get("readyz") != "ok" or cache.is_away():  # type: ignore[attr-defined]
        raise CacheNotWorking


def _check_broker() -> None:
    with celery_app.connection_for_write(connect_timeout=BROKER_SECONDS) as connection:
        connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)


def _check_journal() -> None:
    if why := why_in_maintenance():
        raise JournalError(why)


def _check_workers() -> None:
    if silent := silent_queues():
        raise WorkersSilent(", ".join(silent))


# Pages work without these: the database counts tries, and a later sweep does the work. Alarms report them.
OPTIONAL = frozenset({"cache", "broker", "workers"})
CHECKS: dict[str, Callable[[], None]] = {
    "database": lambda: _check_database("default"),
    "keys": lambda: _check_database("keys"),
    "cache": _check_cache,
    "broker": _check_broker,
    "workers": _check_workers,
    "journal": _check_journal,
}
