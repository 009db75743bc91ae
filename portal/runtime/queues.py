"""The state of the queues: free slots, waiting tasks, and when each queue was last served."""

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

# How long a queue may run no task. A sweep or a copy may take up to ten minutes (CELERY_TASK_TIME_LIMIT).
SILENT_AFTER_SECONDS = {CODES: 60, SWEEPS: 300, BULK: 900}
BROKER_SECONDS = 2
# Hourly tasks wait for frequent ones that are due at the same time. Codes do not wait: a sweep sends them.
SLOT_SECONDS = {CODES: 0.0, SWEEPS: 5.0, BULK: 5.0}
_slots: dict[str, threading.BoundedSemaphore] = {}


def tasks_at_once(queue: str) -> int:
    """Return how many tasks of a queue run at once on this host."""
    return {CODES: settings.WORKERS_CODES, SWEEPS: settings.WORKERS_SWEEPS, BULK: settings.WORKERS_BULK}[queue]


def share_this_process() -> int:
    """Give each queue its own slots in a worker for all queues; return the number of threads."""
    _slots.update({queue: threading.BoundedSemaphore(tasks_at_once(queue)) for queue in QUEUES})
    return sum(tasks_at_once(queue) for queue in QUEUES)


@contextmanager
def queue_slot(queue: str) -> Iterator[bool]:
    """Take a slot of a queue; yield whether one was free. A task without one ends, and the next sweep does its work."""
    slots = _slots.get(queue)
    if slots is None:
        yield True
    elif not slots.acquire(timeout=SLOT_SECONDS[queue]):
        logger.warning("No slot is free in queue %s: the task is left to the next sweep.", queue)
        yield False
    else:
        try:
            yield True
        finally:
            slots.release()


def note_served(queue: str) -> None:
    """Record that a worker of this queue runs a task now."""
    cache.set(_key(queue), time.time(), timeout=None)


def seconds_unserved(queue: str) -> float:
    """Return the seconds since a worker of this queue ran a task; before the first, since the first call."""
    now = time.time()
    served_at = cache.get(_key(queue))
    if served_at is None:
        cache.add(_key(queue), now, timeout=None)
        return 0
    return max(0.0, now - served_at)


def silent_queues() -> list[str]:
    """Return the queues whose workers run no tasks."""
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
