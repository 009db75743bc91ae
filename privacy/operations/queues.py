"""The queues of tasks by urgency. Each has its own workers, so that a task that hangs delays no other queue."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from privacy.operations.collecting import declared

CODES = "codes"  # a person waits for these
SWEEPS = "sweeps"
BULK = "bulk"  # calls other servers, or writes large documents
QUEUES = (CODES, SWEEPS, BULK)


@dataclass(frozen=True)
class QueueOf:
    """The queue of some tasks; a task without this declaration runs in `SWEEPS`."""

    queue: str
    tasks: tuple[Any, ...]


@lru_cache(maxsize=1)
def queues_by_task() -> dict[str, str]:
    """Return the declared queues by task name."""
    return {task.name: each.queue for each in declared(QueueOf) for task in each.tasks}


def route_task(name: str, *_call: Any, **_options: Any) -> dict[str, str]:
    """Return the queue of a task, as Celery's `task_routes` asks for it."""
    return {"queue": queues_by_task().get(name, SWEEPS)}
