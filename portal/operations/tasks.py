"""Tasks of the portal: alarms, proof that workers run, and clean-up of the table cache."""

from celery import Task, shared_task
from django.core.cache import caches

from portal.operations import alarms
from portal.runtime import queues
from portal.runtime.cache import TABLE
from portal.runtime.celery_app import queue_of


@shared_task
def raise_alarms() -> int:
    """Raise the hourly alarms; return how many."""
    return len(alarms.raise_alarms())


@shared_task
def raise_urgent_alarms() -> int:
    """Raise the urgent alarms; return how many."""
    return len(alarms.raise_urgent_alarms())


@shared_task(bind=True)
def note_served(self: Task) -> None:
    """Record that the workers of the queue of this task run."""
    if queue := queue_of(self):
        queues.note_served(queue)


@shared_task
def remove_expired_cache_rows() -> int:
    """Delete expired rows of the table cache; return how many."""
    return int(caches[TABLE].remove_expired())  # type: ignore[attr-defined]
