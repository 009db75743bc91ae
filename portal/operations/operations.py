"""Operations of the portal itself: alarms as sweeps, and figures of Redis and of the queues."""

import datetime as dt
from collections.abc import Iterator

from django.core.cache import cache
from django.db import Error, connections

from portal.operations import tasks
from portal.runtime.celery_app import app as celery_app
from portal.runtime.queues import depths, seconds_unserved, silent_queues
from privacy.operations.queues import CODES, QUEUES, SWEEPS
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched

_MINUTE = dt.timedelta(minutes=1)
_DATABASES = {"data": "default", "keys": "keys"}


def _databases_away() -> dict[str, float]:
    return {name: int(_is_database_away(alias)) for name, alias in _DATABASES.items()}


def _is_database_away(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return True
    return False


def _away() -> Iterator[tuple[str, str]]:
    for name, is_away in _databases_away().items():
        if is_away:
            yield f"database:{name}", f"the database of the {name} does not respond"


def _is_redis_away() -> bool:
    return bool(cache.is_away())  # type: ignore[attr-defined]


def _redis_away() -> Iterator[tuple[str, str]]:
    if _is_redis_away():
        yield "redis", "Redis does not respond: the database counts attempts, and beat runs the sweeps"


def _unserved() -> dict[str, float]:
    return {queue: seconds_unserved(queue) for queue in QUEUES}


def _silent() -> Iterator[tuple[str, str]]:
    for queue in silent_queues():
        yield f"queue:{queue}", f"the workers of queue {queue} do not answer"


def _depths() -> dict[str, float]:
    return dict(depths(celery_app))


OPERATIONS = [
    Sweep("alarms", tasks.raise_alarms, dt.timedelta(hours=1), in_maintenance=True),
    Sweep("expired rows of the cache", tasks.remove_expired_cache_rows, dt.timedelta(minutes=10)),
    # One sweep for each queue, which shows that its workers run. Urgent alarms use two queues: one is enough.
    Sweep("served", tasks.note_served, dt.timedelta(seconds=10), queues=QUEUES, expires=_MINUTE, in_maintenance=True),
    Sweep(
        "urgent alarms",
        tasks.raise_urgent_alarms,
        _MINUTE,
        queues=(CODES, SWEEPS),
        expires=_MINUTE,
        in_maintenance=True,
    ),
    Watched(
        "database_away",
        "1 while the database of the data, or of the keys, does not respond.",
        figure=_databases_away,
        by="database",
        severity=Severity.URGENT,
        lines=_away,
        in_maintenance=True,
    ),
    Watched(
        "redis_away",
        "1 while the database replaces Redis.",
        figure=lambda: int(_is_redis_away()),
        severity=Severity.URGENT,
        lines=_redis_away,
        in_maintenance=True,
    ),
    Watched(
        "queue_unserved_seconds",
        "Seconds since a worker of the queue last ran a task.",
        figure=_unserved,
        by="queue",
        severity=Severity.URGENT,
        lines=_silent,
    ),
    Watched("queue_depth", "Tasks that wait in the broker.", figure=_depths, by="queue"),
]
