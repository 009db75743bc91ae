"""Who knows who registered. `privacy` knows no country of a person; whoever does registers a source."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

# Yields (jurisdiction, kind, country) once for each person whose registration was verified in [start, end).
CountedSource = Callable[[dt.datetime, dt.datetime], Iterable[tuple[str, str, str]]]
_sources: list[CountedSource] = []


def register_counted_source(source: CountedSource) -> CountedSource:
    """Add a source of registrations to count; usable as a decorator."""
    _sources.append(source)
    return source


def registrations_between(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[str, str, str]]:
    """Yield the group of each verified registration of this time, from every source."""
    for source in _sources:
        yield from source(start, end)
