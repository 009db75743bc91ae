"""Looks for what comes near its deadline or does not answer, and shows that workers answer."""

from celery import Task, shared_task
from django.core.cache import caches

from portal.operations import alarms
from portal.runtime import queues
from portal.runtime.cache import TABLE
from portal.runtime.celery_app import queue_of


@shared_task
def raise_alarms() -> int:
    """Say what needs somebody; return how much does."""
    return len(alarms.raise_alarms())


@shared_task
def raise_urgent_alarms() -> int:
    """Say what cannot wait for the hour; return how much there is."""
    return len(alarms.raise_urgent_alarms())


@shared_task(bind=True)
def note_served(self: Task) -> None:
    """Keep that the workers of the queue by which this came answer."""
    if queue := queue_of(self):
        queues.note_served(queue)


@shared_task
def remove_expired_cache_rows() -> int:
    """Delete what is over from the cache in the table; return how many rows went."""
    return int(caches[TABLE].remove_expired())  # type: ignore[attr-defined]
