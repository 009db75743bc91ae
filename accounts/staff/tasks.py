"""Tasks of staff."""

from celery import shared_task

from accounts.staff import sign_in_resets


@shared_task
def void_old_resets() -> int:
    """Refuse proposed resets that are older than a week; return how many."""
    return sign_in_resets.void_old_resets()
