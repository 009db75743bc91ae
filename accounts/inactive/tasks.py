"""The sweep of unused accounts that Celery beat wakes."""

from celery import shared_task

from accounts.inactive import services


@shared_task
def sweep_inactive_accounts() -> int:
    """Take every unused account one step further."""
    return services.sweep_inactive_accounts()
