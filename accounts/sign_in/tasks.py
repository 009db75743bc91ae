"""Removes sessions, codes and links that have run out, and the security events of nobody."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.sign_in.models import Code, Session
from accounts.sign_in.security_changes import SecurityChange
from accounts.sign_in.security_events import remove_events_of_nobody


@shared_task(name="accounts.sign_in.tasks.remove_expired_sessions")
def remove_expired_sessions() -> int:
    """Remove every session, code and undoable change past its time, and what happened to nobody."""
    sessions = Session.objects.filter(expire_date__lt=Now()).delete()[0]
    codes = Code.objects.filter(expires_at__lt=Now()).delete()[0]
    changes = SecurityChange.objects.filter(undo_until__lt=Now()).delete()[0]
    return sessions + codes + changes + remove_events_of_nobody()
