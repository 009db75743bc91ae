"""The sweep that Celery beat wakes. It takes no argument: the due rows are the queue."""

from celery import shared_task

from privacy.erasure.erasing import erase_due_accounts as erase


@shared_task
def erase_due_accounts() -> int:
    """Erase every account whose cooling-off period is over."""
    return erase()
