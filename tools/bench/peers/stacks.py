"""The stacks that are measured over HTTP: a server process each, and the workers of the portal."""

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
    """The seconds of a request: CPU time, wall time, and CPU time of the workers."""

    cpu: float
    latency: float
    workers: float = 0.0


@dataclass
class Served:
    """A running stack, its requests and its measurements."""

    port: int
    works: Works
    meter: Meter
    people: Stack
    workers: Meter | None = None

    def warm(self, work: str) -> None:
        """Do a work until its cost is stable."""
        with closing(Client(self.port)) as client:
            for _ in range(WARMING):
                client.seconds(self.works[work]())
        self.settle()

    def measure(self, work: str, times: int) -> Taken:
        """Do a work this many times in sequence; wait for the workers, if there are any."""
        asked = [self.works[work]() for _ in range(times)]
        with closing(Client(self.port)) as client:
            by_workers, before = self._workers_so_far(), self.meter.read()
            latency = statistics.median([client.seconds(request) for request in asked])
            cpu = self.meter.since(before)
        self.settle()
        return Taken(cpu / times, latency, self._workers_since(by_workers) / times)

    def erase(self, accounts: int) -> float:
        """Erase the cancelled accounts by one sweep; return the CPU seconds of the workers for each."""
        before = self._workers_so_far()
        self.people.do("erase", 1, warm=False)
        return self._workers_since(before) / accounts

    def each_second(self, work: str, *, times: int, clients: int) -> float:
        """Do a work with several clients in parallel; return how many a second."""
        asked = [self.works[work]() for _ in range(times)]
        started = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(self._ask, asked))
        return times / (time.perf_counter() - started)

    def settle(self) -> None:
        """Wait until the workers, if there are any, have no more work."""
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
    """Start a stack with this many people; yield it, and end it. Raises `NotInstalled` for a peer without packages."""
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
    """Start the web and the workers of the portal; without beat, which would start other sweeps."""
    own = {**environment, "WEB_WORKERS": "1", "TRUSTED_PROXIES": "1", "FRESH_SIGN_IN": "PT2H"}
    own["PYTHONWARNINGS"] = "ignore"  # Celery warns about a worker of root
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
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)  # noqa: S603 - a fixed command
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
