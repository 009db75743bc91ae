"""Watched figures: one declaration gives a figure of `/metrics`, an alarm, and a line on the staff's first page."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.functional import Promise

# At most this many lines of one kind are in a mail.
MOST_LINES = 50
Lines = Iterable[tuple[str, str]]
Figure = float | Mapping[str, float]


class Severity(Enum):
    """How soon an alarm is raised."""

    NONE = "a figure only"
    HOURLY = "in the hourly mail"
    URGENT = "within a minute, and each kind once an hour"
    ONCE = "within a minute, each kind once"


@dataclass(frozen=True)
class Watched:
    """Something that is counted, and raises an alarm before it is too late.

    `name` is the figure's (`portal_<name>`), `label` says what it counts. What is counted is either `rows` (a function
    that returns a query set or a list) or `figure` (a number, or numbers by a value of the label `by`).

    `line` says what an alarm says of one row. `lines` says it of everything at once: pairs of a kind, which tells one
    alarm from another, and the line. `steps` are times before the deadline: at each of them a row raises an alarm, with
    the severity `ONCE`. `rows_within` returns the rows whose deadline is nearer than a step.

    `deadline` names the column of the rows that holds their due time; `covers` yields the model and the column of each
    other time that the figure watches. `seen_by` is the permission that shows a count above zero, with the first
    deadline, on the staff's first page.
    """

    name: str
    label: str | Promise
    rows: Callable[[], Any] | None = None
    figure: Callable[[], Figure] | None = None
    by: str = ""
    severity: Severity = Severity.NONE
    line: Callable[[Any], str] | None = None
    lines: Callable[[], Lines] | None = None
    steps: tuple[dt.timedelta, ...] = ()
    rows_within: Callable[[dt.timedelta], Any] | None = None
    deadline: str = ""
    covers: Callable[[], Iterable[tuple[type[models.Model], str]]] | None = None
    seen_by: str = ""
    # Also while the portal is in maintenance, when the databases may not agree.
    in_maintenance: bool = False

    def value(self) -> Figure:
        """Return the figure as it is now."""
        if self.figure is not None:
            return self.figure()
        return _count(self._rows())

    def alarms(self) -> Lines:
        """Yield what an alarm says now, each with its kind; nothing where all is well."""
        if self.lines is not None:
            yield from self.lines()
        elif self.steps:
            yield from self._alarms_of_steps()
        elif self.line is not None:
            # Of those that are raised once, the first rows were raised already.
            rows = self._rows()
            for row in rows if self.severity is Severity.ONCE else rows[:MOST_LINES]:
                yield self._kind(row), self.line(row)

    def first_deadline(self) -> Any:
        """Return the earliest due time among the rows, or None."""
        rows = self._rows()
        if not self.deadline or not isinstance(rows, models.QuerySet):
            return None
        return rows.order_by(self.deadline).values_list(self.deadline, flat=True).first()

    def _alarms_of_steps(self) -> Lines:
        """Yield an alarm for each row, of the nearest step before its deadline; a later deadline raises them again."""
        raised = set()
        for step in sorted(self.steps):
            for row in self.rows_within(step) if self.rows_within else ():
                if self.line and row.pk not in raised:
                    raised.add(row.pk)
                    due_at = getattr(row, self.deadline)
                    yield f"{self._kind(row)}:{due_at:%Y%m%dT%H%M%S}:{step.total_seconds():.0f}", self.line(row)

    def _kind(self, row: Any) -> str:
        return f"{self.name}:{getattr(row, 'pk', row)}"

    def _rows(self) -> Any:
        return self.rows() if self.rows else ()


@dataclass(frozen=True)
class NotWatched:
    """Why no watched figure covers the due time in a column of a model."""

    model: type[models.Model]
    column: str
    reason: str


def _count(rows: Any) -> int:
    return rows.count() if isinstance(rows, models.QuerySet) else len(rows)
