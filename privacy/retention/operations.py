"""Operations of retention: the sweep of rows past their period with its alarm, the count of finished months."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from privacy.erasure.figures import SEE_ERASURES
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched
from privacy.retention import tasks
from privacy.retention.overdue import ageing_columns, late_records, seconds_overdue


def _late() -> Iterator[tuple[str, str]]:
    for label, seconds in late_records():
        yield f"retention:{label}", f"rows of {label} should have been deleted by age {seconds // 3600:.0f} hours ago"


OPERATIONS = [
    Sweep("rows past their period", tasks.purge_expired, dt.timedelta(hours=1)),
    Sweep("finished months", tasks.count_finished_months, dt.timedelta(hours=1)),
    Watched(
        "retention_overdue_seconds",
        "Seconds since the oldest row of a record should have been deleted by age.",
        figure=seconds_overdue,
        by="record",
        covers=ageing_columns,
    ),
    Watched(
        "retention_overdue_records",
        _("Records with rows past their retention period"),
        rows=late_records,
        severity=Severity.HOURLY,
        lines=_late,
        seen_by=SEE_ERASURES,
    ),
]
