"""Copies the journal to its store, and reads what the store has."""

from celery import shared_task

from privacy.journal import maintenance, services


@shared_task
def write_journal() -> int:
    """Append to the journal what happened since."""
    return services.write_journal()


@shared_task
def look_into_bucket() -> None:
    """Remember what a bucket holds, so that no request has to ask it; runs in maintenance, too."""
    maintenance.look_into_bucket()
