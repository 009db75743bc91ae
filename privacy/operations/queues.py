"""The queues of tasks by urgency, each with workers of its own: what hangs in one delays no other."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from privacy.operations.collecting import declared

CODES = "codes"  # somebody waits for these
SWEEPS = "sweeps"
BULK = "bulk"  # calls servers of others, or writes large documents
QUEUES = (CODES, SWEEPS, BULK)


@dataclass(frozen=True)
class QueueOf:
    """The queue of some tasks; a task that no package names here runs with the sweeps."""

    queue: str
    tasks: tuple[Any, ...]


@lru_cache(maxsize=1)
def queues_by_task() -> dict[str, str]:
    """Return the queue of each task that has another than that of the sweeps, by the task's name."""
    return {task.name: each.queue for each in declared(QueueOf) for task in each.tasks}


def route_task(name: str, *_call: Any, **_options: Any) -> dict[str, str]:
    """Return the queue of a task, as Celery's `task_routes` asks for it."""
    return {"queue": queues_by_task().get(name, SWEEPS)}
