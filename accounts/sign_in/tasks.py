"""Removes sessions, codes and security events that have run out."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.sign_in.models import Code, Session
from accounts.sign_in.security_events import remove_old_events


@shared_task(name="accounts.sign_in.tasks.remove_expired_sessions")
def remove_expired_sessions() -> int:
    """Remove every session, code and security event past its time."""
    sessions = Session.objects.filter(expire_date__lt=Now()).delete()[0]
    return sessions + remove_old_events() + Code.objects.filter(expires_at__lt=Now()).delete()[0]
