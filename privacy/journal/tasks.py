"""Copies the journal to its files."""

from celery import shared_task

from privacy.journal import services


@shared_task
def write_journal() -> int:
    """Append to the journal's files what happened since."""
    return services.write_journal()
