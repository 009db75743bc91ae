"""How far the journal is behind the database: what would be lost unnoticed if the database were lost now."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min

from privacy.evidence.clock import database_now
from privacy.journal.checkpoints import checkpoint_of
from privacy.journal.services import journal_chains

# The sweep runs every few seconds; a journal that is minutes behind is not being written.
LATE = timedelta(minutes=5)


class Lag(NamedTuple):
    """Rows that are not in the journal yet, and since when the oldest of them has waited."""

    rows: int
    oldest: datetime | None

    @property
    def age(self) -> timedelta:
        """How long the oldest row has been waiting."""
        return max(database_now() - self.oldest, timedelta(0)) if self.oldest else timedelta(0)


def journal_lag() -> Lag:
    """Return the rows of all chains after their checkpoints; no store is asked."""
    rows, times = 0, []
    for chain in journal_chains():
        checkpoint = checkpoint_of(chain.name)
        waiting = chain.model._default_manager.filter(position__gt=checkpoint.position if checkpoint else 0)
        found = waiting.aggregate(rows=Count("pk"), oldest=Min(chain.time))
        rows += found["rows"]
        times += [found["oldest"]] if found["oldest"] else []
    return Lag(rows, min(times, default=None))
