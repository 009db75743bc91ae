"""Compares the portal with the floor and its peers, in alternating rounds, and prints a table in Markdown."""

import os
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack

import psycopg

from tools.bench.peers.environments import NotInstalled, python_of
from tools.bench.peers.stacks import Served, Taken, served
from tools.bench.servers import PEERS, connected

# The name of each stack, and of its environment.
STACKS = {
    "portal": "served",
    "floor": "served_floor",
    "djoser": "djoser",
    "dj_rest_auth": "dj_rest_auth",
    "allauth_headless": "allauth_headless",
}
TITLES = {"dj_rest_auth": "dj-rest-auth", "allauth_headless": "allauth headless"}
# How often a round does each work.
WORKS = {
    "get_me": ("`GET me`", 40),
    "get_me_at_once": ("`GET me`, the floor by one query", 40),
    "patch_me": ("`PATCH me`", 30),
    "home": ("page: home", 15),
    "settings": ("page: settings", 15),
    "sign_up": ("sign-up", 15),
    "sign_in": ("sign-in", 15),
    "cancel": ("cancelling", 10),
}
FOR_WORKERS = ("sign_up", "sign_in", "cancel")
SIGN_INS, CLIENTS, THREADS = 12, 4, 8
MOST_ROUNDS, MOST_ROUNDS_OF_HASHES = 7, 3
MILLISECOND = 1e-3

# For each work and stack, the times of each round.
Rounds = dict[str, dict[str, list[float]]]


def run(environment: Mapping[str, Mapping[str, str]], *, people: int, rounds: int) -> None:
    """Measure every work of every stack, then sign-ins with real hashes, and print the table."""
    rounds = min(rounds, MOST_ROUNDS)
    print(f"Starting the portal, the floor and the peers with {people} people each ...", flush=True)
    load, names = os.getloadavg()[0], _installed()
    with connected() as server:
        rows = _measure_works(names, environment, server, people=people, rounds=rounds)
        each_second = _measure_real_hashes(names, environment, server, rounds=min(rounds, MOST_ROUNDS_OF_HASHES))
    print(f"\nRounds: {rounds}. Load average: {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.\n")
    _print_table(rows, each_second)


def _installed() -> list[str]:
    """Return the stacks that can run; print a line for a peer that cannot be installed."""
    names = []
    for name in STACKS:
        try:
            if name in PEERS:
                python_of(name)
            names.append(name)
        except NotInstalled as reason:
            print(reason, flush=True)
    return names


def _measure_works(
    names: Iterable[str],
    environment: Mapping[str, Mapping[str, str]],
    server: psycopg.Connection | None,
    *,
    people: int,
    rounds: int,
) -> Rounds:
    rows: Rounds = defaultdict(lambda: defaultdict(list))
    with ExitStack() as running:
        stacks = _start(running, names, environment, server, people=people, threads=1)
        for work in WORKS:
            for stack in _able(stacks, work):
                stacks[stack].warm(work)
        stacks["portal"].erase(1)
        for number in range(rounds):
            for work, (title, times) in WORKS.items():
                able = _able(stacks, work)
                turn = number % len(able)
                for stack in able[turn:] + able[:turn]:
                    _note(rows, work, title, stack, stacks[stack].measure(work, times))
            rows["erasure, by the worker, CPU"]["portal"].append(stacks["portal"].erase(WORKS["cancel"][1]))
    return rows


def _measure_real_hashes(
    names: Iterable[str],
    environment: Mapping[str, Mapping[str, str]],
    server: psycopg.Connection | None,
    *,
    rounds: int,
) -> dict[str, list[float]]:
    """Return the sign-ins a second of each stack, round by round, with the default password hash of each."""
    real = {name: {k: v for k, v in own.items() if k != "PASSWORD_COST"} for name, own in environment.items()}
    each_second: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as running:
        # The same tables; these people have real hashes.
        signing_in = [name for name in names if name != "floor"]
        stacks = _start(running, signing_in, real, server, people=2 * SIGN_INS, threads=THREADS)
        for number in range(rounds):
            able = list(stacks)
            turn = number % len(able)
            for stack in able[turn:] + able[:turn]:
                each_second[stack].append(stacks[stack].each_second("sign_in", times=SIGN_INS, clients=CLIENTS))
    return each_second


def _start(
    running: ExitStack,
    names: Iterable[str],
    environment: Mapping[str, Mapping[str, str]],
    server: psycopg.Connection | None,
    *,
    people: int,
    threads: int,
) -> dict[str, Served]:
    return {
        name: running.enter_context(served(name, environment[STACKS[name]], server, people=people, threads=threads))
        for name in names
    }


def _able(stacks: Mapping[str, Served], work: str) -> list[str]:
    return [name for name, stack in stacks.items() if work in stack.works]


def _note(rows: Rounds, work: str, title: str, stack: str, taken: Taken) -> None:
    rows[f"{title}, CPU"][stack].append(taken.cpu)
    if stack == "portal" and work in FOR_WORKERS:
        rows[f"{title}, by the worker, CPU"][stack].append(taken.workers)
    rows[f"{title}, latency"][stack].append(taken.latency)


def _print_table(rows: Rounds, each_second: Mapping[str, list[float]]) -> None:
    """Print milliseconds; in brackets the portal's time as a multiple of the stack's, the median of the rounds."""
    print(f"| ms | {' | '.join(TITLES.get(name, name) for name in STACKS)} |\n|{'---|' * (len(STACKS) + 1)}")
    for title, row in rows.items():
        print(f"| {title} | {' | '.join(_cell(row, stack) for stack in STACKS)} |")
    cells = [f"{statistics.median(each_second[name]):.1f}" if name in each_second else "" for name in STACKS]
    print(f"| sign-ins a second with real hashes | {' | '.join(cells)} |", flush=True)


def _cell(row: Mapping[str, list[float]], stack: str) -> str:
    if stack not in row:
        return ""
    text = f"{statistics.median(row[stack]) / MILLISECOND:.2f}"
    if stack == "portal":
        return text
    times = statistics.median(mine / other for mine, other in zip(row["portal"], row[stack], strict=True))
    return f"{text} ({times:.2f})"
