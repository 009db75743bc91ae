"""By when a request is answered: one instant, computed at receipt, stored with its rule and inputs, never again.

The policy promises days (clause 9.2 of the sample policy). One instant falls on two dates over the world's time zones,
and a day ends at as many instants. The day of receipt is the earliest date, and the due instant the earliest end of
the last day, over the controller's zone and those where the person may be. So no reading of the promise is earlier.
The day of receipt is not counted (Regulation 1182/71 art. 3(1)); a last day that is a holiday is not moved.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time: the instant `at` (UTC), the last second that is in time, and what it was computed from.

    `rule` names the source of the number of days, such as `policy 9.2`. `zones` are those that were compared, `zone`
    the one whose day ends first, and `first_day` the day of receipt.
    """

    at: dt.datetime
    rule: str
    days: int
    received_at: dt.datetime
    first_day: dt.date
    zone: str
    zones: tuple[str, ...]

    def inputs(self) -> dict[str, object]:
        """Return what the instant was computed from, as JSON can hold it."""
        return {
            "days": self.days,
            "received_at": self.received_at.isoformat(),
            "first_day": self.first_day.isoformat(),
            "zone": self.zone,
            "zones": list(self.zones),
        }


def due_after(*, received_at: dt.datetime, days: int, zones: Collection[str], rule: str) -> Due:
    """Return when a period of whole days that began at an instant is over.

    `received_at` is aware; `zones` are IANA names, at least one: that of the controller, and the person's own or, where
    it is not known, all of the person's country.
    """
    known = tuple(sorted(zones))
    first_day = min(received_at.astimezone(ZoneInfo(zone)).date() for zone in known)
    last_day = first_day + days * DAY
    over, zone = min((end_of_day(last_day, zone), zone) for zone in known)
    return Due(
        at=over - SECOND,
        rule=rule,
        days=days,
        received_at=received_at.astimezone(dt.UTC),
        first_day=first_day,
        zone=zone,
        zones=known,
    )


def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """Return the instant (UTC) at which a day is over in a zone: the first one of a later date there.

    A midnight that does not exist is passed where the clocks go forward. Of one that comes twice, the first counts.
    """
    place = ZoneInfo(zone)
    midnight = dt.datetime.combine(day + DAY, dt.time(), tzinfo=place)
    first = midnight.astimezone(dt.UTC)
    if first.astimezone(place).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return first
    # The clocks jump over midnight: look for the jump, to the second, between an instant before it and one behind.
    before, behind = midnight.replace(fold=1).astimezone(dt.UTC) - DAY, first
    while behind - before > SECOND:
        middle = before + (behind - before) // 2
        middle -= dt.timedelta(microseconds=middle.microsecond)
        if middle.astimezone(place).date() > day:
            behind = middle
        else:
            before = middle
    return behind
