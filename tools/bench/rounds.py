"""Interleaved rounds: work and floor in turn, so that both meet the same machine."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

# Takes how often to do it; returns the seconds that each time took.
Timed = Callable[[int], float]


@dataclass(frozen=True)
class Comparison:
    """Medians in seconds of a work and its floor, and of the work's part of each round's two."""

    name: str
    target: str
    work: float
    floor: float
    ratio: float


def compare(name: str, target: str, work: Timed, floor: Timed, *, times: int, rounds: int) -> Comparison:
    """Time `times` calls of each, round by round; `ratio` says how many times the floor the work costs."""
    works, floors = [], []
    for number in range(rounds):
        # Whoever comes second finds a warmer or a busier machine: they take turns.
        for call, seconds in [(work, works), (floor, floors)][:: 1 if number % 2 else -1]:
            seconds.append(call(times))
    ratio = statistics.median(one / other for one, other in zip(works, floors, strict=True))
    return Comparison(name, target, statistics.median(works), statistics.median(floors), ratio)


def print_heading() -> None:
    print(f"{'work':44} {'target':>12} {'measured':>9} {'work µs':>10} {'floor µs':>10}", flush=True)


def print_row(row: Comparison, *, as_throughput: bool = False) -> None:
    """Print one comparison; as throughput, the ratio says what part of the floor's requests the work serves."""
    ratio = 1 / row.ratio if as_throughput else row.ratio
    print(f"{row.name:44} {row.target:>12} {ratio:9.2f} {row.work * 1e6:10.1f} {row.floor * 1e6:10.1f}", flush=True)
