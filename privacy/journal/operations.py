"""Operations of the journal: sweeps, figures of its lag, alarms, and permissions."""

from collections.abc import Iterator

from privacy.journal import tasks
from privacy.journal.lag import LATE, journal_lag
from privacy.journal.maintenance import in_maintenance, unreachable_since, why_in_maintenance
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import NotWatched, Severity, Watched

SEE_JOURNAL = "privacy.view_journalentry"
_REPEATED = "an entry repeats the due time of an erasure, which is watched there"


def lag_seconds() -> float:
    """Return the age in seconds of the oldest row that the journal does not have."""
    return journal_lag().age.total_seconds()


def _maintenance() -> Iterator[tuple[str, str]]:
    if why := why_in_maintenance():
        yield "maintenance", f"the portal is in maintenance: {why}"


def _store_away() -> Iterator[tuple[str, str]]:
    if since := unreachable_since():
        yield "journal-store", f"the store of the erasure journal has not responded since {since:%Y-%m-%d %H:%M} UTC"


def _lag() -> Iterator[tuple[str, str]]:
    lag = journal_lag()
    if lag.age >= LATE:
        yield (
            "journal",
            f"the erasure journal is {lag.rows} rows behind, the oldest from {lag.oldest:%Y-%m-%d %H:%M} UTC",
        )


OPERATIONS = [
    ERASURES,
    Permissions({PRIVACY_OFFICER: (SEE_JOURNAL,), AUDITOR: (SEE_JOURNAL,)}),
    Sweep("journal", tasks.write_journal),
    Sweep("journal in a bucket", tasks.look_into_bucket, in_maintenance=True),
    NotWatched(JournalEntry, "due_at", _REPEATED),
    NotWatched(JournalEntry, "deadline_at", _REPEATED),
    Watched(
        "maintenance",
        "1 while the portal is in maintenance mode.",
        figure=in_maintenance,
        severity=Severity.URGENT,
        lines=_maintenance,
        in_maintenance=True,
    ),
    Watched(
        "journal_store_away",
        "1 while the journal's bucket does not answer.",
        figure=lambda: int(bool(unreachable_since())),
        severity=Severity.URGENT,
        lines=_store_away,
    ),
    Watched(
        "journal_lag_rows",
        "Rows that the erasure journal does not have yet.",
        figure=lambda: journal_lag().rows,
        severity=Severity.URGENT,
        lines=_lag,
    ),
    Watched("journal_lag_seconds", "Age in seconds of the oldest of these rows.", figure=lag_seconds),
]
