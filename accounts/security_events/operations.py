"""Operations of security events: notices of changes, the count of failed sign-ins, rows of a copy."""

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.signals import user_logged_in

from accounts.security_events import tasks
from accounts.security_events.copy_rows import change_rows
from accounts.security_events.devices import device_words
from accounts.security_events.failed_sign_ins import oldest_failed_sign_in
from accounts.security_events.failures_in_a_row import reset_failures
from accounts.security_events.models import SecurityChange
from accounts.security_events.services import note_sign_in
from privacy.evidence.clock import database_now
from privacy.export.copy_rows import CopyRows
from privacy.inventory.value_labels import ValueLabel
from privacy.notices.messages import Message
from privacy.operations.receivers import Receives
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched

# The sweep runs every ten seconds; owners are not notified of failures before it.
UNCOUNTED_SECONDS = 300


def uncounted_seconds() -> float:
    """Return the age in seconds of the oldest uncounted failed sign-in; 0 without one."""
    oldest = oldest_failed_sign_in()
    return max(0.0, (database_now() - oldest).total_seconds()) if oldest else 0


def _uncounted() -> Iterator[tuple[str, str]]:
    if (waits := uncounted_seconds()) > UNCOUNTED_SECONDS:
        yield "failed-sign-ins", f"the oldest failed sign-in has waited for {waits:.0f} seconds to be counted"


OPERATIONS = [
    *map(
        Message,
        (
            "security_changed",
            "password_changed",
            "contact_changed",
            "change_undone",
            "new_sign_in",
            "failures_in_a_row",
        ),
    ),
    Receives(user_logged_in, reset_failures),
    Receives(user_logged_in, note_sign_in),
    CopyRows(SecurityChange, change_rows),
    ValueLabel("device", device_words),
    Sweep("failed sign-ins", tasks.count_failed_sign_ins),
    Sweep("old changes", tasks.remove_old_changes, dt.timedelta(minutes=10)),
    Watched(
        "failed_sign_ins_oldest_seconds",
        "Age in seconds of the oldest failed sign-in that is not counted yet.",
        figure=uncounted_seconds,
        severity=Severity.URGENT,
        lines=_uncounted,
    ),
]
