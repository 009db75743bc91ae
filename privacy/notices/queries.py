"""Which notices are due."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.notices.models import Notice


def due_notices(*, is_urgent: bool, channels: Collection[str]) -> QuerySet[Notice, UUID]:
    """Return the ids of the notices of these channels that are due, oldest first."""
    due = Notice.objects.filter(state=Notice.State.QUEUED, is_urgent=is_urgent, due_at__lte=Now())
    return due.filter(channel__in=channels).order_by("due_at").values_list("pk", flat=True)


def waiting_codes() -> QuerySet[Notice]:
    """Return the codes that wait to be sent and are still valid."""
    return Notice.objects.filter(state=Notice.State.QUEUED, is_urgent=True, expires_at__gt=Now())


def waiting_messages() -> QuerySet[Notice]:
    """Return the messages without a code that wait to be sent."""
    return Notice.objects.filter(state=Notice.State.QUEUED, is_urgent=False)


def expired_codes() -> QuerySet[Notice]:
    """Return the codes that expired before they could be sent."""
    return Notice.objects.filter(state=Notice.State.QUEUED, is_urgent=True, expires_at__lte=Now())


def ended_notices(within: timedelta) -> QuerySet[Notice]:
    """Return the messages that were sent or given up within this time."""
    return Notice.objects.filter(ended_at__gt=Now() - within)


def stuck_notices() -> QuerySet[Notice]:
    """Return the notices that were tried three times or more and still wait."""
    return Notice.objects.filter(state=Notice.State.QUEUED, attempts__gte=3)
