"""Counts failed sign-ins; removes changes that can no longer be undone."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.security_events.failed_sign_ins import count_all_failed_sign_ins
from accounts.security_events.models import SecurityChange
from accounts.security_events.services import remove_events_without_subject


@shared_task
def count_failed_sign_ins() -> int:
    """Count the wrong passwords that wait to be counted; return how many."""
    return count_all_failed_sign_ins()


@shared_task
def remove_old_changes() -> int:
    """Remove changes whose time to undo is over, and events of nobody; return how many rows."""
    return SecurityChange.objects.filter(undo_until__lt=Now()).delete()[0] + remove_events_without_subject()
