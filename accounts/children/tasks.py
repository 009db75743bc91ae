"""Tasks of children."""

from celery import shared_task

from accounts.children import coming_of_age


@shared_task
def end_due_guardianships() -> int:
    """End the guardianships of the children who reached the age; return how many."""
    return coming_of_age.end_due_guardianships()


@shared_task
def suspend_or_erase_unanswered() -> int:
    """Suspend after 30 days, and erase after 60, who did not answer since their day of age; return how many."""
    return coming_of_age.erase_unanswered() + coming_of_age.suspend_unanswered()
