"""Operations of inactive accounts: the sweep that warns and cancels, and an alarm where it is late."""

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.inactive import tasks
from accounts.inactive.models import InactivityWarning
from accounts.inactive.queries import due_for_cancellation
from accounts.inactive.services import TEMPLATE
from privacy.notices.messages import Message
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched

# The sweep runs every hour.
LATE_AFTER = dt.timedelta(hours=3)


def overdue_cancellations() -> QuerySet[InactivityWarning]:
    """Return the inactive accounts that should have been cancelled hours ago; none where the setting is off."""
    if settings.UNUSED_AFTER is None:
        return InactivityWarning.objects.none()
    return due_for_cancellation().filter(ends_at__lt=Now() - LATE_AFTER)


OPERATIONS = [
    Message(TEMPLATE),
    Sweep("inactive accounts", tasks.sweep_inactive_accounts, dt.timedelta(hours=1)),
    Watched(
        "inactive_accounts_overdue",
        "Inactive accounts that should have been cancelled hours ago.",
        rows=overdue_cancellations,
        deadline="ends_at",
        severity=Severity.HOURLY,
        line=lambda warning: f"the inactive account of warning {warning.pk} should have been cancelled by now",
    ),
]
