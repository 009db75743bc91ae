"""The sweep of announcements that Celery beat wakes."""

from celery import shared_task

from privacy.announcements import services


@shared_task
def announce() -> int:
    """Write to the next people about a material version; return how many."""
    return services.announce()
