"""Every comparison: what is measured against what, and its target."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.rounds import Comparison, Timed, compare, print_heading, print_row
from bench.stack import Stack

MILLISECOND = 1e-3
BATCH_PEOPLE = 250


@dataclass(frozen=True)
class Stacks:
    """The portal with few people and with many, and the floor."""

    small: Stack
    large: Stack
    floor: Stack
    rounds: int
    people: str

    def me(self, method: str, target: str) -> None:
        """Compare reading or correcting one's data with the floor, as throughput."""
        work, title = f"{method.lower()}_me", f"{method} me, throughput against the floor"
        row = compare(title, target, _of(self.small, work), _of(self.floor, work), times=100, rounds=self.rounds)
        print_row(row, as_throughput=True)

    def many(self) -> None:
        """Compare reading one's data among many people with reading it among a tenth of them."""
        pair = _of(self.large, "get_me"), _of(self.small, "get_me")
        print_row(
            compare(f"GET me, {self.people} people against a tenth", "<= 1.20", *pair, times=100, rounds=self.rounds)
        )

    def sealing(self) -> None:
        """Compare sealing and opening a row with AES-256-GCM alone."""
        pair = _of(self.small, "seal_and_open"), _of(self.small, "aes_alone")
        print_row(compare("seal and open ten fields against AES", "<= 2.00", *pair, times=1000, rounds=self.rounds))

    def cpu(self, work: str, title: str, most: int) -> None:
        """Take the password's hash off a work, round by round; what is left is the ratio, in milliseconds."""
        spent = [(self.small.cpu(work, 20), self.small.cpu("hash", 20)) for _ in range(self.rounds)]
        left = statistics.median(whole - hashing for whole, hashing in spent)
        whole, hashing = (statistics.median(column) for column in zip(*spent, strict=True))
        print_row(Comparison(f"{title} beyond its hash, ms of CPU", f"<= {most}", whole, hashing, left / MILLISECOND))


COMPARISONS: Mapping[str, Callable[[Stacks], None]] = {
    "get": lambda stacks: stacks.me("GET", ">= 0.85"),
    "patch": lambda stacks: stacks.me("PATCH", ">= 0.95"),
    "many": Stacks.many,
    "sealing": Stacks.sealing,
    "sign-up": lambda stacks: stacks.cpu("sign_up", "sign-up", 10),
    "sign-in": lambda stacks: stacks.cpu("sign_in", "sign-in", 6),
}


def run(environment: dict[str, dict[str, str]], names: list[str], *, people: int, rounds: int) -> None:
    """Measure and print the comparisons of these names."""
    many, few = str(people), str(max(people // 10, 1))
    print(f"Making {many} people, {few} people, and a floor of {few} ...", flush=True)
    with (
        Stack("bench.portal_works", environment["large"], many if "many" in names else "1") as large,
        Stack("bench.portal_works", environment["small"], few) as small,
        Stack("bench.floor.works", environment["floor"], few) as floor,
    ):
        print_heading()
        for name in names:
            COMPARISONS[name](Stacks(small, large, floor, rounds, many))


def run_erasing(environment: dict[str, dict[str, str]], *, rounds: int) -> None:
    """Measure erasing, a batch a round: what the proof costs beyond the bare deletion, and what batches save."""
    # Each call of a stack works once to warm up, and once to be timed.
    people = str(BATCH_PEOPLE * 2 * 4 * (rounds + 1))
    print(f"Making {people} people to erase ...", flush=True)
    with Stack("bench.erasing_works", environment["erasing"], people) as portal:
        erase, raw, each = (_of(portal, work) for work in ("erase", "raw_delete", "delete_each"))
        print_row(compare("erase a batch against raw SQL", "<= 4.00", erase, raw, times=1, rounds=rounds))
        row = compare("erase a batch against one by one", ">= 20.00", erase, each, times=1, rounds=rounds)
        print_row(row, as_throughput=True)


def _of(stack: Stack, work: str) -> Timed:
    return lambda times: stack.seconds(work, times)
