"""The chart of registrations on the first page of staff."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from accounts.profiles.models import Profile
from privacy.inventory.declarations import Kind
from privacy.jurisdictions.jurisdictions import all_jurisdictions

DAYS = 14
BAR_WIDTH, BAR_GAP, CHART_HEIGHT = 16, 6, 60
CHART_WIDTH = DAYS * (BAR_WIDTH + BAR_GAP)


@dataclass(frozen=True)
class Bar:
    """One day of the chart: position and height of its bar."""

    day: date
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Registrations:
    """Registrations of one jurisdiction and kind over the last days."""

    jurisdiction: str
    kind: str
    bars: list[Bar]

    @property
    def total(self) -> int:
        """The sum of all days."""
        return sum(bar.count for bar in self.bars)


def registrations_by_day() -> list[Registrations]:
    """Return the registrations of the last fourteen days (UTC) by jurisdiction and kind."""
    today = timezone.now().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    recent = Profile.objects.filter(created_at__gte=datetime.combine(days[0], time.min, UTC))
    rows = recent.values_list("subject__jurisdiction", "kind", "created_at__date").annotate(count=Count("pk"))
    counts = Counter({(code, kind, day): count for code, kind, day, count in rows})
    highest = max(counts.values(), default=1)
    return [
        Registrations(code, kind.value, list(_bars(days, [counts[code, kind.value, day] for day in days], highest)))
        for code in all_jurisdictions()
        for kind in Kind
    ]


def _bars(days: list[date], counts: list[int], highest: int) -> Iterable[Bar]:
    for place, (day, count) in enumerate(zip(days, counts, strict=True)):
        height = round(count * CHART_HEIGHT / highest)
        yield Bar(day, count, place * (BAR_WIDTH + BAR_GAP), CHART_HEIGHT - height, height)
