"""Copies the journal to its store, and reads what the store has."""

from celery import shared_task

from privacy.journal import maintenance, services


@shared_task
def write_journal() -> int:
    """Append the events that the journal lacks."""
    return services.write_journal()


@shared_task
def look_into_bucket() -> None:
    """Cache what a bucket holds, so that no request has to read it; runs in maintenance mode, too."""
    maintenance.look_into_bucket()
