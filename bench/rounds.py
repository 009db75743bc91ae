"""Interleaved rounds: work and floor in turn, so that both meet the same machine."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

ROUNDS = 15


@dataclass(frozen=True)
class Comparison:
    """Medians in seconds of a work and its floor."""

    name: str
    work: float
    floor: float

    @property
    def ratio(self) -> float:
        """How many times the floor the work costs."""
        return self.work / self.floor


def compare(name: str, work: Callable[[], object], floor: Callable[[], object], *, times: int) -> Comparison:
    """Time `times` calls of each, round by round, and return the medians per call."""
    works, floors = [], []
    for _ in range(ROUNDS):
        works.append(_seconds(work, times))
        floors.append(_seconds(floor, times))
    return Comparison(name, statistics.median(works), statistics.median(floors))


def print_table(comparisons: Iterable[Comparison]) -> None:
    """Print one row a comparison, in microseconds."""
    print(f"{'work':40} {'µs':>10} {'floor µs':>10} {'ratio':>7}")
    for row in comparisons:
        print(f"{row.name:40} {row.work * 1e6:10.1f} {row.floor * 1e6:10.1f} {row.ratio:7.2f}")


def _seconds(call: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - started) / times
