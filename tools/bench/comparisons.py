"""Every comparison with its target."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.bench.rounds import Comparison, Timed, compare, print_heading, print_row
from tools.bench.stack import Stack, together

MILLISECOND = 1e-3
FEW_PEOPLE = 10_000
# Accounts in a round: this many by two workers, as many by raw SQL, and a tenth of them one by one.
ERASED = 2_000
MEGABYTE = 2**20


@dataclass(frozen=True)
class Stacks:
    """The portal with few people and with many, and the floor."""

    small: Stack
    large: Stack
    floor: Stack
    rounds: int
    people: str

    def me(self, method: str, target: str) -> None:
        """Compare reading or correcting one's data with the floor, by throughput."""
        work, title = f"{method.lower()}_me", f"{method} me, throughput against the floor"
        row = compare(title, target, _of(self.small, work), _of(self.floor, work), times=100, rounds=self.rounds)
        print_row(row, as_throughput=True)

    def many(self) -> None:
        """Compare reading one's data, and sweeps, among many people with the same among few."""
        for work, title, times in (("get_me", "GET me", 100), ("idle_sweep", "idle sweep", 50), ("sweep", "sweep", 4)):
            name = f"{title}, {self.people} people against {FEW_PEOPLE}"
            pair = _of(self.large, work), _of(self.small, work)
            print_row(compare(name, "<= 1.20", *pair, times=times, rounds=self.rounds))

    def sealing(self) -> None:
        """Compare sealing and opening a row with AES-256-GCM alone."""
        pair = _of(self.small, "seal_and_open"), _of(self.small, "aes_alone")
        print_row(compare("seal and open ten fields against AES", "<= 2.00", *pair, times=1000, rounds=self.rounds))

    def cpu(self, work: str, title: str, most: int) -> None:
        """Subtract the time of the password hash from a work, round by round; the ratio column has milliseconds."""
        spent = [(self.small.cpu(work, 20), self.small.cpu("hash", 20)) for _ in range(self.rounds)]
        left = statistics.median(whole - hashing for whole, hashing in spent)
        whole, hashing = (statistics.median(column) for column in zip(*spent, strict=True))
        print_row(Comparison(f"{title} beyond its hash, ms of CPU", f"<= {most}", whole, hashing, left / MILLISECOND))

    def staff(self) -> None:
        """Time the pages of staff among many people and among few; the ratio column has milliseconds."""
        for work, title, most in (
            ("first_page", "staff's first page", 300),
            ("policy_page", "a policy's page", 300),
            ("consent_list", "the list of consents", 300),
            ("metrics", "/metrics", 50),
        ):
            rounds = [(self.large.seconds(work, 3), self.small.seconds(work, 3)) for _ in range(self.rounds)]
            large, small = (statistics.median(column) for column in zip(*rounds, strict=True))
            name = f"{title}, {self.people} people, ms"
            print_row(Comparison(name, f"<= {most}", large, small, large / MILLISECOND))


COMPARISONS: Mapping[str, Callable[[Stacks], None]] = {
    "get": lambda stacks: stacks.me("GET", ">= 0.85"),
    "patch": lambda stacks: stacks.me("PATCH", ">= 0.95"),
    "sealing": Stacks.sealing,
    "sign-up": lambda stacks: stacks.cpu("sign_up", "sign-up", 8),
    "sign-in": lambda stacks: stacks.cpu("sign_in", "sign-in", 6),
    "many": Stacks.many,
    "staff": Stacks.staff,
}


def run(environment: dict[str, dict[str, str]], names: list[str], *, people: int, rounds: int) -> None:
    """Measure and print the comparisons of these names."""
    many, few = str(people), str(FEW_PEOPLE)
    is_large = bool({"many", "staff"} & set(names))
    print(f"Making {many if is_large else few} people, {few} people, and a floor of {few} ...", flush=True)
    with (
        Stack("tools.bench.portal_works", environment["large"], many if is_large else "1000") as large,
        Stack("tools.bench.portal_works", environment["small"], few) as small,
        Stack("tools.bench.floor.works", environment["floor"], few) as floor,
    ):
        print_heading()
        for name in names:
            COMPARISONS[name](Stacks(small, large, floor, rounds, many))


def run_erasing(environment: dict[str, dict[str, str]], *, rounds: int) -> None:
    """Measure erasing by two workers against raw SQL (the cost of evidence) and one by one (the gain of batches)."""
    rounds = min(rounds, 5)
    print(f"Making {rounds * (2 * ERASED + ERASED // 10)} people to erase ...", flush=True)
    many, tenth = str(ERASED), str(ERASED // 10)
    with (
        Stack("tools.bench.erasing_works", environment["erasing"], many) as first,
        Stack("tools.bench.erasing_works", environment["erasing"], many) as second,
        Stack("tools.bench.erasing_works", environment["erasing"], tenth) as single,
    ):
        for stack in (first, second, single):
            stack.do("make_people", rounds, warm=False)
        swept, raw, each = [], [], []
        for _ in range(rounds):
            _choose(first, "make_due")
            swept.append(together([first, second], "sweep") / ERASED)
            raw.append(_choose(first, "raw_delete") / ERASED)
            each.append(_choose(single, "delete_each") / (ERASED // 10))
    print_heading()
    print_row(_ratio("erase by two workers against raw SQL", "<= 4.00", swept, raw))
    print_row(_ratio("erase by two workers against one by one", ">= 20.00", swept, each), as_throughput=True)


def run_memory(environment: dict[str, dict[str, str]], *, accounts: int) -> None:
    """Measure the memory of a worker as it erases account after account, ten thousand at a time."""
    step = 10_000
    print(f"Making and erasing {accounts} people ...", flush=True)
    with (
        Stack("tools.bench.erasing_works", environment["erasing"], str(step)) as maker,
        Stack("tools.bench.erasing_works", environment["erasing"], str(step)) as worker,
    ):
        memory = []
        for _ in range(accounts // step):
            maker.do("make_people", 1, warm=False)
            _choose(maker, "make_due")
            memory.append(worker.do("sweep", 1, warm=False)["memory"] / MEGABYTE)
    print(f"memory after each {step} erasures, MB: {', '.join(f'{size:.0f}' for size in memory)}", flush=True)
    print(f"last against first: {memory[-1] / memory[0]:.2f}", flush=True)


def _choose(stack: Stack, work: str) -> float:
    """Do some work with the next accounts; return the seconds without the query for them."""
    stack.do("choose", 1, warm=False)
    return float(stack.do(work, 1, warm=False)["seconds"])


def _ratio(name: str, target: str, works: list[float], floors: list[float]) -> Comparison:
    ratio = statistics.median(work / floor for work, floor in zip(works, floors, strict=True))
    return Comparison(name, target, statistics.median(works), statistics.median(floors), ratio)


def _of(stack: Stack, work: str) -> Timed:
    return lambda times: stack.seconds(work, times)
