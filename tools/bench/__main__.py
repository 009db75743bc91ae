"""`make bench`: run the benchmarks and print one table. `--people N` sets the size of the large tables."""

import argparse

from tools.bench.comparisons import COMPARISONS, FEW_PEOPLE, run, run_erasing, run_memory
from tools.bench.peers import comparison as peers
from tools.bench.servers import servers

NAMES = [*COMPARISONS, "peers", "erasing"]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*", default=NAMES, help=f"some of: {', '.join([*NAMES, 'memory'])}")
    parser.add_argument("--people", type=int, default=50_000, help="people in the large tables; the small have 10,000")
    parser.add_argument("--rounds", type=int, default=11, help="rounds of each comparison (of peers at most 7)")
    parser.add_argument("--accounts", type=int, default=100_000, help="accounts that `memory` erases")
    options = parser.parse_args()
    with servers() as environment:
        if requests := [name for name in options.names if name in COMPARISONS]:
            run(environment, requests, people=options.people, rounds=options.rounds)
        if "peers" in options.names:
            peers.run(environment, people=FEW_PEOPLE, rounds=options.rounds)
        if "erasing" in options.names:
            run_erasing(environment, rounds=options.rounds)
        if "memory" in options.names:
            run_memory(environment, accounts=options.accounts)
