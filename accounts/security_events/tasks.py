"""Tasks of security events."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.security_events.failed_sign_ins import count_all_failed_sign_ins
from accounts.security_events.models import SecurityChange
from accounts.security_events.services import remove_events_without_subject


@shared_task
def count_failed_sign_ins() -> int:
    """Count the waiting wrong passwords; return how many."""
    return count_all_failed_sign_ins()


@shared_task
def remove_old_changes() -> int:
    """Delete changes that can no longer be undone, and events without a person; return how many rows."""
    return SecurityChange.objects.filter(undo_until__lt=Now()).delete()[0] + remove_events_without_subject()
