"""Interleaved rounds: work and floor in turn, under the same load of the machine."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

# Takes the number of calls; returns the seconds for each.
Timed = Callable[[int], float]


@dataclass(frozen=True)
class Comparison:
    """Medians in seconds of a work and its floor, and of the share of the work in both, by round."""

    name: str
    target: str
    work: float
    floor: float
    ratio: float


def compare(name: str, target: str, work: Timed, floor: Timed, *, times: int, rounds: int) -> Comparison:
    """Time `times` calls of each, round by round; `ratio` is the cost of the work as a multiple of the floor."""
    works, floors = [], []
    for number in range(rounds):
        # The order changes, because the second one finds another state of the machine.
        for call, seconds in [(work, works), (floor, floors)][:: 1 if number % 2 else -1]:
            seconds.append(call(times))
    ratio = statistics.median(one / other for one, other in zip(works, floors, strict=True))
    return Comparison(name, target, statistics.median(works), statistics.median(floors), ratio)


def print_heading() -> None:
    print(f"{'work':44} {'target':>12} {'measured':>9} {'work µs':>10} {'floor µs':>10}", flush=True)


def print_row(row: Comparison, *, as_throughput: bool = False) -> None:
    """Print one comparison; by throughput, the ratio is the part of the floor's requests that the work serves."""
    ratio = 1 / row.ratio if as_throughput else row.ratio
    print(f"{row.name:44} {row.target:>12} {ratio:9.2f} {row.work * 1e6:10.1f} {row.floor * 1e6:10.1f}", flush=True)
