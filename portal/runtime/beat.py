"""A beat that runs the sweeps itself while the broker is away, so that codes and erasures are in time."""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError
from django.db import connections

logger = logging.getLogger(__name__)

# Parallel sweeps: one that waits for a gateway delays no other.
THREADS = 4
REMEMBERED_SECONDS = 10.0


class SweepingScheduler(PersistentScheduler):
    """Sends tasks to the broker; where that fails, runs them in threads, each task once at a time."""

    # None: each task takes a connection from the pool, and the start waits for no broker.
    producer = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **options: Any) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sweep")
        self._running: dict[str, Future[None]] = {}
        self._away_until = 0.0
        super().__init__(*args, **options)

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **options: Any) -> Any:
        """Send one task of the schedule to the broker, or run it here."""
        if time.monotonic() >= self._away_until:
            try:
                return super().apply_async(entry, producer=None, advance=advance, **options)
            except SchedulingError as error:
                logger.warning("The broker does not answer (%s): sweeps run here.", type(error.__context__).__name__)
                self._away_until = time.monotonic() + REMEMBERED_SECONDS
        elif advance:
            self.reserve(entry)
        return self._run_here(entry)

    def _run_here(self, entry: ScheduleEntry) -> None:
        name, task = str(entry.name), self.app.tasks[str(entry.task)]
        before = self._running.get(name)
        if before is None or before.done():
            self._running[name] = self._threads.submit(_run, task)


def _run(task: Any) -> None:
    try:
        task.apply()
    finally:
        connections.close_all()
