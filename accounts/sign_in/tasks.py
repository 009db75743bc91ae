"""Removes sessions and codes that have run out."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.sign_in.models import Code, Session


@shared_task(name="accounts.sign_in.tasks.remove_expired_sessions")
def remove_expired_sessions() -> int:
    """Remove every session and code past its time."""
    sessions = Session.objects.filter(expire_date__lt=Now()).delete()[0]
    return sessions + Code.objects.filter(expires_at__lt=Now()).delete()[0]
