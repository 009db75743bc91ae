"""The sweep that keeps the counts of consents short."""

from celery import shared_task

from privacy.consent.tallies import fold_tallies as fold


@shared_task(name="privacy.consent.tasks.fold_tallies")
def fold_tallies() -> int:
    """Add up the rows of each version."""
    return fold()
