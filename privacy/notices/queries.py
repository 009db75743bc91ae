"""Which notices are due."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.notices.models import Notice


def due_notices() -> QuerySet[Notice, UUID]:
    """Return the ids of the notices that are due, oldest first."""
    due = Notice.objects.filter(state=Notice.State.QUEUED, due_at__lte=Now())
    return due.order_by("due_at").values_list("pk", flat=True)


def stuck_notices() -> QuerySet[Notice]:
    """Return the notices that were tried three times or more and still wait."""
    return Notice.objects.filter(state=Notice.State.QUEUED, attempts__gte=3)
