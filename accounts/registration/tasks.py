"""Tasks of registration."""

from celery import shared_task

from accounts.registration.unverified import remove_unverified


@shared_task
def remove_unverified_registrations() -> int:
    """Remove every registration that was not verified within `UNVERIFIED_FOR`."""
    return remove_unverified()
