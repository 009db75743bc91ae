"""The worker's processes: on Redis one for each queue, so that what hangs in one leaves the others alone."""

from django.conf import settings

from privacy.operations.queues import QUEUES

# The role of a process, as `--only` names it, and the queue whose tasks it runs.
WORKER_ROLES = {f"worker-{queue}": queue for queue in QUEUES}


def worker_processes() -> list[str]:
    """Return the roles of the worker's processes; the embedded broker is served by one, with threads of each queue."""
    return list(WORKER_ROLES) if settings.REDIS_URL else ["worker"]
