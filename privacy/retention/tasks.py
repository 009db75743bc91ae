"""The sweeps that Celery beat starts: rows past their period, and months that are over."""

from celery import shared_task

from privacy.retention.counting import count_finished_months as count
from privacy.retention.purging import purge_expired_rows


@shared_task
def purge_expired() -> int:
    """Delete every row that is older than the period of its class."""
    return purge_expired_rows()


@shared_task
def count_finished_months() -> int:
    """Count every month that is over."""
    return count()
