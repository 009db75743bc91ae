"""The queues by urgency: how many tasks of each may run, how many wait, and when each was last served."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import ChannelError

from privacy.operations.queues import BULK, CODES, QUEUES, SWEEPS

logger = logging.getLogger(__name__)

# How long a queue may go unserved. A sweep or a copy may take up to ten minutes (CELERY_TASK_TIME_LIMIT).
SILENT_AFTER_SECONDS = {CODES: 60, SWEEPS: 300, BULK: 900}
BROKER_SECONDS = 2
# An hourly task must not be lost to those of seconds that fall due with it. Codes wait for none: rows are swept.
PLACE_SECONDS = {CODES: 0.0, SWEEPS: 5.0, BULK: 5.0}
_places: dict[str, threading.BoundedSemaphore] = {}


def tasks_at_once(queue: str) -> int:
    """Return how many tasks of a queue run at once on this host."""
    return {CODES: settings.WORKERS_CODES, SWEEPS: settings.WORKERS_SWEEPS, BULK: settings.WORKERS_BULK}[queue]


def share_this_process() -> int:
    """Give each queue its own places in a worker that serves all of them; return how many threads that takes."""
    _places.update({queue: threading.BoundedSemaphore(tasks_at_once(queue)) for queue in QUEUES})
    return sum(tasks_at_once(queue) for queue in QUEUES)


@contextmanager
def queue_slot(queue: str) -> Iterator[bool]:
    """Hold a place of a queue; yields whether there is one. Without one a task ends: its row waits for the sweep."""
    places = _places.get(queue)
    if places is None:
        yield True
    elif not places.acquire(timeout=PLACE_SECONDS[queue]):
        logger.warning("No place is free in queue %s: a task waits for its next time.", queue)
        yield False
    else:
        try:
            yield True
        finally:
            places.release()


def note_served(queue: str) -> None:
    """Keep that a worker of this queue ran a task just now."""
    cache.set(_key(queue), time.time(), timeout=None)


def seconds_unserved(queue: str) -> float:
    """Return how long ago a worker of this queue ran a task; where none did yet, since when that is asked."""
    now = time.time()
    served_at = cache.get(_key(queue))
    if served_at is None:
        cache.add(_key(queue), now, timeout=None)
        return 0
    return max(0.0, now - served_at)


def silent_queues() -> list[str]:
    """Return the queues whose workers do not answer."""
    return [queue for queue in QUEUES if seconds_unserved(queue) > SILENT_AFTER_SECONDS[queue]]


def depths(app: Celery[Any]) -> dict[str, int]:
    """Return how many tasks wait in each queue of the broker."""
    with app.connection_for_read(connect_timeout=BROKER_SECONDS) as connection:
        connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
        return {queue: _depth(connection.default_channel, queue) for queue in QUEUES}


def _depth(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:  # Redis has no empty lists
        return 0


def _key(queue: str) -> str:
    return f"served:{queue}"
