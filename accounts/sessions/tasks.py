"""Tasks of sessions."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.sessions.models import Session


@shared_task
def remove_expired_sessions() -> int:
    """Remove ended sessions, and expired rows of repeated codes; return how many."""
    return Session.objects.filter(expire_date__lt=Now()).delete()[0]
