"""Charts of counts by day, drawn by the server as SVG: `templates/components/chart.html`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

# In units of the chart, which is as wide as a phone and not stretched: its texts keep their size.
WIDTH, LEFT, RIGHT, TOP, PLOT, BOTTOM = 340, 34, 4, 10, 96, 20
BAR_PART = 0.7
MOST_LABELS = 5
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """One day: its bar, and whether its date is written below it."""

    day: dt.date
    count: int
    x: float
    y: float
    width: float
    height: float
    is_labelled: bool

    @property
    def middle(self) -> float:
        """Where the date is written."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Tick:
    """A line of the axis of counts."""

    count: int
    y: float


@dataclass(frozen=True)
class Chart:
    """Counts of consecutive days. `title` says what is counted; `id` is unique on the page.

    Charts that are compared are given the same `highest`, so that they have one scale.
    """

    id: str
    title: str
    days: Sequence[tuple[dt.date, int]]
    highest: int = 0

    @property
    def total(self) -> int:
        """The sum of all days."""
        return sum(count for _day, count in self.days)

    @property
    def width(self) -> int:
        """The width of the whole chart."""
        return WIDTH

    @property
    def height(self) -> int:
        """The height of the whole chart."""
        return TOP + PLOT + BOTTOM

    @property
    def left(self) -> int:
        """Where the axis of days begins."""
        return LEFT

    @property
    def ground(self) -> int:
        """Where the axis of days is."""
        return TOP + PLOT

    @cached_property
    def top(self) -> int:
        """The count at the top of the axis: the highest count, rounded up to an even number of a simple step."""
        highest = max([self.highest, *(count for _day, count in self.days)], default=0)
        return 2 * _step(highest / 2)

    @property
    def ticks(self) -> list[Tick]:
        """The axis of counts: none, half, all."""
        return [Tick(count, _above(count, self.top)) for count in (0, self.top // 2, self.top)]

    @property
    def bars(self) -> list[Bar]:
        """A bar for each day. The last day has a date below it, and some of the others, at equal distances."""
        room = (WIDTH - LEFT - RIGHT) / max(len(self.days), 1)
        every = -(-len(self.days) // MOST_LABELS) or 1
        last = len(self.days) - 1
        return [
            Bar(
                day,
                count,
                x=round(LEFT + place * room + room * (1 - BAR_PART) / 2, 1),
                y=_above(count, self.top),
                width=round(room * BAR_PART, 1),
                height=round(self.ground - _above(count, self.top), 1),
                is_labelled=(last - place) % every == 0,
            )
            for place, (day, count) in enumerate(self.days)
        ]


def _above(count: int, top: int) -> float:
    return round(TOP + PLOT * (1 - count / top), 1)


def _step(least: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 and so on that is not below a number."""
    size = 1
    while True:
        for step in STEPS:
            if step * size >= least:
                return step * size
        size *= 10
