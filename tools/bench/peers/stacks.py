"""The stacks that are measured over HTTP: each one server process, and the portal's workers beside it."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import psycopg

from tools.bench.cpu import Meter
from tools.bench.known_people import KnownPeople
from tools.bench.peers import work_requests
from tools.bench.peers.client import Client, wait_for
from tools.bench.peers.environments import python_of
from tools.bench.peers.work_requests import Request, Works
from tools.bench.stack import Stack

MODULES: Mapping[str, Callable[[KnownPeople], Works]] = {
    "floor": work_requests.floor,
    "djoser": work_requests.djoser,
    "dj_rest_auth": work_requests.dj_rest_auth,
    "allauth_headless": work_requests.allauth_headless,
}
# Statements are prepared at their sixth use, and templates compiled at their first.
WARMING = 8


@dataclass(frozen=True)
class Taken:
    """What one request of a work took: seconds of CPU, of the clock, and of the workers' CPU."""

    cpu: float
    latency: float
    workers: float = 0.0


@dataclass
class Served:
    """A stack that serves, and how it is asked and measured."""

    port: int
    works: Works
    meter: Meter
    people: Stack
    workers: Meter | None = None

    def warm(self, work: str) -> None:
        """Do a work as often as it takes until it costs what it will cost."""
        with closing(Client(self.port)) as client:
            for _ in range(WARMING):
                client.seconds(self.works[work]())
        self.settle()

    def measure(self, work: str, times: int) -> Taken:
        """Do a work so often, one request after another; where workers stand beside it, wait for what they do."""
        asked = [self.works[work]() for _ in range(times)]
        with closing(Client(self.port)) as client:
            by_workers, before = self._workers_so_far(), self.meter.read()
            latency = statistics.median([client.seconds(request) for request in asked])
            cpu = self.meter.since(before)
        self.settle()
        return Taken(cpu / times, latency, self._workers_since(by_workers) / times)

    def erase(self, accounts: int) -> float:
        """Let the cancelled accounts be erased by one sweep; return the workers' seconds of CPU for each."""
        before = self._workers_so_far()
        self.people.do("erase", 1, warm=False)
        return self._workers_since(before) / accounts

    def each_second(self, work: str, *, times: int, clients: int) -> float:
        """Let several clients do a work so often together; return how many were done in a second."""
        asked = [self.works[work]() for _ in range(times)]
        started = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(self._ask, asked))
        return times / (time.perf_counter() - started)

    def settle(self) -> None:
        """Wait until the workers, where there are any, have done what there is to do."""
        if self.workers:
            self.people.do("settle", 1, warm=False)

    def _ask(self, request: Request) -> None:
        with closing(Client(self.port)) as client:
            client.seconds(request)

    def _workers_so_far(self) -> dict[int, float]:
        return self.workers.read() if self.workers else {}

    def _workers_since(self, before: dict[int, float]) -> float:
        return self.workers.since(before) if self.workers else 0.0


@contextmanager
def served(
    name: str, environment: Mapping[str, str], server: psycopg.Connection | None, *, people: int, threads: int
) -> Iterator[Served]:
    """Start a stack with so many people; yield it, and end it. Raises `NotInstalled` where a peer's packages lack."""
    port, own = _free_port(), {**environment, "WEB_THREADS": str(threads), "PGAPPNAME": f"bench-{name}-{os.getpid()}"}
    if name == "portal":
        with _served_portal(own, server, port=port, people=people) as portal:
            yield portal
        return
    python = sys.executable if name == "floor" else python_of(name)
    module = "tools.bench.floor.serving" if name == "floor" else "tools.bench.peers.serving"
    file = f"{environment['OUTBOX']}.{port}.json"
    with Stack(module, own, str(people), str(port), file, python=python) as stack:
        wait_for(port)
        works = MODULES[name](KnownPeople.read(file))
        yield Served(port, works, Meter(stack.pid, own["PGAPPNAME"], server), stack)


@contextmanager
def _served_portal(
    environment: Mapping[str, str], server: psycopg.Connection | None, *, port: int, people: int
) -> Iterator[Served]:
    """Start the portal's own processes: one that serves, and those that work; beat would wake what nobody asked for."""
    own = {**environment, "WEB_WORKERS": "1", "TRUSTED_PROXIES": "1", "FRESH_SIGN_IN": "PT2H"}
    own["PYTHONWARNINGS"] = "ignore"  # Celery's, of a worker that root runs
    file = f"{own['PORTAL_VAR']}.{port}.json"
    with ExitStack() as running:
        beside = running.enter_context(Stack("tools.bench.portal_people", own, str(people), file))
        names = {role: f"{own['PGAPPNAME']}-{role}" for role in ("web", "worker")}
        pids = {
            role: running.enter_context(_process(role, own | {"PGAPPNAME": name}, port)) for role, name in names.items()
        }
        meters = {role: Meter(pids[role], names[role], server) for role in names}
        wait_for(port)
        with closing(Client(port)) as client:
            client.seconds(Request("GET", "/api/v1/policies/current?country=DE"))
            policy = json.loads(client.content)
        works = work_requests.portal(KnownPeople.read(file), policy)
        yield Served(port, works, meters["web"], beside, meters["worker"])


@contextmanager
def _process(role: str, environment: Mapping[str, str], port: int) -> Iterator[int]:
    command = [sys.executable, "manage.py", "portal", "--only", role, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
