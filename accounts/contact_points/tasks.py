"""Tasks of contact points."""

from celery import shared_task
from django.db.models.functions import Now

from accounts.contact_points.models import Code


@shared_task
def remove_expired_codes() -> int:
    """Remove expired codes; return how many."""
    return Code.objects.filter(expires_at__lt=Now()).delete()[0]
