"""Tasks of tries."""

from celery import shared_task

from accounts.tries.failures import remove_failures_without_subject
from accounts.tries.totals import remove_old_totals
from accounts.tries.waits import remove_old_waits


@shared_task
def remove_old_counts() -> int:
    """Delete old waits and totals, and failures without a person; return how many rows."""
    return remove_failures_without_subject() + remove_old_waits() + remove_old_totals()
