"""Beat's schedule, from the sweeps that packages declare."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings

from privacy.operations.collecting import declared
from privacy.operations.sweeps import Sweep

# A message that no worker took expires; the time is much longer than a busy worker or a slow broker takes.
LEAST_EXPIRY_SECONDS = 60.0


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Return the schedule of Celery's beat."""
    return {name: entry for sweep in declared(Sweep) for name, entry in _entries(sweep)}


@lru_cache(maxsize=1)
def tasks_in_maintenance() -> frozenset[str]:
    """Return the names of the tasks that also run in maintenance mode."""
    return frozenset(sweep.task.name for sweep in declared(Sweep) if sweep.in_maintenance)


def _entries(sweep: Sweep) -> Iterator[tuple[str, dict[str, Any]]]:
    every: dt.timedelta = sweep.every or settings.SWEEP_EVERY
    entry: dict[str, Any] = {"task": sweep.task.name, "schedule": every}
    if expires := _expires(sweep):
        entry["options"] = {"expires": expires}
    if not sweep.queues:
        yield sweep.name, entry
    for queue in sweep.queues:
        yield f"{sweep.name} {queue}", entry | {"options": entry.get("options", {}) | {"queue": queue}}


def _expires(sweep: Sweep) -> float | None:
    if sweep.expires:
        return sweep.expires.total_seconds()
    if sweep.every is None:
        return max(6 * settings.SWEEP_EVERY.total_seconds(), LEAST_EXPIRY_SECONDS)
    return None
