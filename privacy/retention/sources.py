"""Who registered, for the monthly counts: a higher package, which knows the country of a person, declares it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from privacy.operations.collecting import declared


@dataclass(frozen=True)
class CountedRegistrations:
    """A function that yields (jurisdiction, kind, country) for each registration verified in [start, end)."""

    between: Callable[[dt.datetime, dt.datetime], Iterable[tuple[str, str, str]]]


def registrations_between(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[str, str, str]]:
    """Yield the group of each verified registration of this time, from every source."""
    for source in declared(CountedRegistrations):
        yield from source.between(start, end)
