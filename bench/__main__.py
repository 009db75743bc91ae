"""`make bench`: run every benchmark and print one table. `--people N` sets how large the large tables are."""

import argparse

from bench.comparisons import COMPARISONS, run, run_erasing
from bench.servers import servers

NAMES = [*COMPARISONS, "erasing"]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*", default=NAMES, help=f"some of: {', '.join(NAMES)}")
    parser.add_argument("--people", type=int, default=20_000, help="people in the large tables; the small have a tenth")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each comparison, whose medians count")
    options = parser.parse_args()
    with servers() as environment:
        if requests := [name for name in options.names if name != "erasing"]:
            run(environment, requests, people=options.people, rounds=options.rounds)
        if "erasing" in options.names:
            run_erasing(environment, rounds=options.rounds)
