"""The sweeps that keep the counts of consents short and right."""

import logging

from celery import shared_task

from privacy.consent import tallies

logger = logging.getLogger(__name__)


@shared_task
def fold_tallies() -> int:
    """Add up the rows of each version."""
    return tallies.fold_tallies()


@shared_task
def mend_tallies() -> int:
    """Compare the counts with the consents, and correct them; return by how many people they were wrong."""
    wrong = tallies.mend_tallies()
    if wrong:
        logger.warning("The counts of consents were wrong by %s people, and are mended.", wrong)
    return wrong
