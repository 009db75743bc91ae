"""Time passes for deliveries: the database's clock cannot be moved, but rows can."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from privacy.recipients.models import Delivery


def wait(by: timedelta) -> None:
    """Let time pass for everything that is not acknowledged."""
    open_ones = Delivery.objects.filter(acknowledged_at=None)
    open_ones.update(**{name: F(name) - by for name in ("occurred_at", "due_at", "deadline_at", "give_up_at")})


def make_due() -> None:
    """Make the next attempt due; no other time passes."""
    Delivery.objects.filter(acknowledged_at=None).update(due_at=F("occurred_at"))


def rows(**chosen: Any) -> list[Delivery]:
    """Deliveries in the order in which they happened."""
    return list(Delivery.objects.filter(**chosen).order_by("occurred_at", "event"))
