"""`make mutants`: judge the mutants of the packages, print the table, and list the survivors in var/mutants/."""

import argparse
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tools.mutation.children import KILLED, SURVIVED, TIMED_OUT, Verdict, in_child
from tools.mutation.judging import Judge
from tools.mutation.mutants import Mutant, files_of, mutants_of
from tools.mutation.packages import PACKAGES
from tools.mutation.whole import OPTIONS, Databases, judge_whole, preload

RESULTS = Path("var/mutants")
NAMES = ("mutant", "in", "before", "after")


class Results:
    """Writes each verdict to a file at once, and counts."""

    def __init__(self, package: str) -> None:
        RESULTS.mkdir(parents=True, exist_ok=True)
        self.path = RESULTS / f"{package}.jsonl"
        self.counts: Counter[str] = Counter()

    def write(self, mutant: Mutant, verdict: Verdict) -> None:
        self.counts[verdict.outcome] += 1
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(_named(mutant) | verdict._asdict(), ensure_ascii=False) + "\n")

    def begin(self, mutants: list[Mutant], *, again: bool) -> list[Mutant]:
        """Start a new file; return the mutants to judge: all, or those that survived the last time."""
        last = self.path.read_text(encoding="utf-8").splitlines() if again and self.path.exists() else []
        self.path.unlink(missing_ok=True)
        killed = [line for line in map(json.loads, last) if line["outcome"] != SURVIVED]
        verdicts = {json.dumps([line[name] for name in NAMES]): line for line in killed}
        left = []
        for mutant in mutants:
            line = verdicts.get(json.dumps([*_named(mutant).values()]))
            if line:
                self.write(mutant, Verdict(line["outcome"], line["by"]))
            else:
                left.append(mutant)
        return left


def judge_package(package: str, *, only: str, again: bool) -> Counter[str]:
    """Judge the mutants of a package; return the count of each outcome."""
    results = Results(package)
    mutants = results.begin([m for path in files_of(package) if only in path for m in mutants_of(path)], again=again)
    judge = Judge(mutants, results.write)

    def judge_functions() -> tuple[list[int], list[str], float, Databases, Counter[str]]:
        judge.begin()
        pytest.main(["-s", *OPTIONS, *PACKAGES[package]], plugins=[judge])
        return judge.left, judge.tests, judge.seconds, judge.databases, results.counts

    answer = in_child(judge_functions, seconds=None, quiet=False)
    if not isinstance(answer, tuple) or not answer[1]:
        sys.exit(f"{package}: the tests do not pass without any fault")
    left, tests, seconds, databases, results.counts = answer
    print(f"{package}: {len(mutants) - len(left)} judged in functions, {len(left)} to go", flush=True)
    limit = 60 + 5 * seconds
    if judge_whole(None, tests, limit, databases).outcome != SURVIVED:
        sys.exit(f"{package}: the tests do not pass in a new process without any fault")
    for number in left:
        results.write(mutants[number], judge_whole(mutants[number], tests, limit, databases))
    return results.counts


def table(counts: dict[str, Counter[str]]) -> str:
    """Return the table of docs/reliability.md."""
    lines = ["| package | mutants | killed | timed out | survived | killed, of 100 |", "|---|---|---|---|---|---|"]
    for name, found in counts.items():
        killed = found[KILLED] + found[TIMED_OUT]
        share = 100 * killed / found.total()
        lines.append(
            f"| {name} | {found.total():,} | {found[KILLED]:,} | {found[TIMED_OUT]} | {found[SURVIVED]} | {share:.1f} |"
        )
    return "\n".join(lines)


def _named(mutant: Mutant) -> dict[str, str]:
    return dict(zip(NAMES, (mutant.name, mutant.function, mutant.before, mutant.after), strict=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="mutation")
    parser.add_argument("packages", nargs="*", default=list(PACKAGES), help=f"some of: {', '.join(PACKAGES)}")
    parser.add_argument("--only", default="", help="part of a file's path")
    parser.add_argument("--again", action="store_true", help="only what survived the last time, after writing tests")
    options = parser.parse_args()
    os.setpriority(os.PRIO_PROCESS, 0, 10)  # other processes have priority
    preload()
    counts = {}
    for name in options.packages:
        begun = time.monotonic()
        counts[name] = judge_package(name, only=options.only, again=options.again)
        print(f"{name}: {dict(counts[name])} in {time.monotonic() - begun:.0f} s", flush=True)
    print(table(counts))
