"""The worker's processes: on Redis one for each queue, so that a task that hangs does not block other queues."""

from django.conf import settings

from privacy.operations.queues import QUEUES

# The role of a process, as `--only` names it, and the queue whose tasks it runs.
WORKER_ROLES = {f"worker-{queue}": queue for queue in QUEUES}


def worker_processes() -> list[str]:
    """Return the roles of the worker's processes; the embedded broker has one, with threads for each queue."""
    return list(WORKER_ROLES) if settings.REDIS_URL else ["worker"]
