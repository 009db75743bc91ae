"""Sweeps: tasks that beat starts at an interval, to process due rows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sweep:
    """A task that beat starts at the interval `every`; None means `SWEEP_EVERY`.

    `name` is what beat's log calls it. It runs in its task's own queue, or once in each of `queues`.
    """

    name: str
    task: Any
    every: dt.timedelta | None = None
    queues: tuple[str, ...] = ()
    # A message that no worker took is dropped after this time; None for the default of `portal.runtime.schedule`.
    expires: dt.timedelta | None = None
    # Also while the portal is in maintenance, when the databases may not agree with the journal.
    in_maintenance: bool = False
