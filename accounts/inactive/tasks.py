"""Tasks of inactive accounts."""

from celery import shared_task

from accounts.inactive import services


@shared_task
def sweep_inactive_accounts() -> int:
    return services.sweep_inactive_accounts()
