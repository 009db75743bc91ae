"""Counts failed sign-ins; removes sessions, codes and links that have run out, and what was counted long ago."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.contact_points.models import Code
from accounts.security_events.failed_sign_ins import count_all_failed_sign_ins
from accounts.security_events.models import SecurityChange
from accounts.security_events.services import remove_events_of_nobody
from accounts.sessions.models import Session
from accounts.tries.failures import remove_failures_of_nobody
from accounts.tries.totals import remove_old_totals
from accounts.tries.waits import remove_old_waits


@shared_task(name="accounts.sign_in.tasks.count_failed_sign_ins")
def count_failed_sign_ins() -> int:
    """Count the wrong passwords that wait for it."""
    return count_all_failed_sign_ins()


@shared_task(name="accounts.sign_in.tasks.remove_expired_sessions")
def remove_expired_sessions() -> int:
    """Remove sessions past their time, and rows that lead a code sent twice to its session."""
    return Session.objects.filter(expire_date__lt=Now()).delete()[0]


@shared_task(name="accounts.sign_in.tasks.remove_expired_codes")
def remove_expired_codes() -> int:
    """Remove codes and undoable changes past their time, old waits and totals, and records of nobody."""
    codes = Code.objects.filter(expires_at__lt=Now()).delete()[0]
    changes = SecurityChange.objects.filter(undo_until__lt=Now()).delete()[0]
    of_nobody = remove_events_of_nobody() + remove_failures_of_nobody()
    return codes + changes + of_nobody + remove_old_waits() + remove_old_totals()
