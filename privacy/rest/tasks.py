"""Deletes the answers that no retry can request any more."""

from celery import shared_task

from privacy.rest.retries import forget_expired_answers


@shared_task
def forget_answered_requests() -> None:
    """Delete the answers that are older than a day."""
    forget_expired_answers()
