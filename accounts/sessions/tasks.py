"""Removes sessions that are over."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.sessions.models import Session


@shared_task
def remove_expired_sessions() -> int:
    """Remove sessions past their time, and rows that lead a code sent twice to its session; return how many."""
    return Session.objects.filter(expire_date__lt=Now()).delete()[0]
