"""What beat wakes when: a task that looks for due rows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sweep:
    """A task that comes again and again; `every` is None for the pace of `SWEEP_EVERY`.

    `name` is what beat's log calls it. It runs in its task's own queue, or once in each of `queues`.
    """

    name: str
    task: Any
    every: dt.timedelta | None = None
    queues: tuple[str, ...] = ()
    # A wake that no worker took is dropped after so long; None for what the pace of `SWEEP_EVERY` needs.
    expires: dt.timedelta | None = None
    # Also while the portal is in maintenance, when the databases may not agree with the journal.
    in_maintenance: bool = False
