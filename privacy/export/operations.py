"""Operations of copies: data store, message, sweep, and an alarm if one is late."""

import datetime as dt

from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.consent.models import ConsentRecord
from privacy.consent.queries import acts_of
from privacy.export import tasks
from privacy.export.account_page import COPIES_PAGE
from privacy.export.copy_rows import CopyRows
from privacy.export.models import DataCopy
from privacy.export.queries import due_copies
from privacy.export.services import CopiesStore
from privacy.notices.limits import MessagePurpose
from privacy.notices.messages import Message
from privacy.operations.queues import BULK, QueueOf
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched

LATE_AFTER = dt.timedelta(hours=1)


def late_copies() -> QuerySet[DataCopy]:
    """Return the copies that have been due for an hour."""
    return due_copies().filter(next_attempt_at__lt=Now() - LATE_AFTER)


OPERATIONS = [
    COPIES_PAGE,
    QueueOf(BULK, (tasks.make_copy, tasks.sweep_copies)),
    CopiesStore(),
    # With what was on before each act, so that a withdrawal says what it turned off without a query each.
    CopyRows(ConsentRecord, acts_of),
    Message("copy_ready", MessagePurpose.ORDINARY),
    Sweep("copies", tasks.sweep_copies),
    Watched(
        "copies_late",
        "Copies of people's data that have been due for an hour.",
        rows=late_copies,
        deadline="next_attempt_at",
        severity=Severity.HOURLY,
        line=lambda copy: f"copy {copy.pk} has been due since {copy.next_attempt_at:%Y-%m-%d %H:%M} UTC",
    ),
]
