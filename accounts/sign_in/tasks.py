"""Removes sessions and codes that have run out, and the security events of nobody."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.sign_in.models import Code, Session
from accounts.sign_in.security_events import remove_events_of_nobody


@shared_task(name="accounts.sign_in.tasks.remove_expired_sessions")
def remove_expired_sessions() -> int:
    """Remove every session and code past its time, and what happened to nobody."""
    sessions = Session.objects.filter(expire_date__lt=Now()).delete()[0]
    return sessions + remove_events_of_nobody() + Code.objects.filter(expires_at__lt=Now()).delete()[0]
