"""Operations of registration: monthly counts, the removal of unverified registrations, and its alarm."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.registration import tasks
from accounts.registration.monthly_counts import verified_registrations
from accounts.registration.unverified import overdue_registrations
from privacy.erasure.figures import SEE_ERASURES
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched
from privacy.retention.sources import CountedRegistrations


def _overdue() -> Iterator[tuple[str, str]]:
    if count := overdue_registrations().count():
        yield "unverified-registrations", f"unverified registrations that should have been cancelled by now: {count}"


OPERATIONS = [
    CountedRegistrations(verified_registrations),
    Sweep("unverified registrations", tasks.remove_unverified_registrations, dt.timedelta(minutes=10)),
    Watched(
        "unverified_registrations_overdue",
        _("Unverified registrations that should have been cancelled"),
        rows=overdue_registrations,
        severity=Severity.HOURLY,
        lines=_overdue,
        seen_by=SEE_ERASURES,
    ),
]
