"""The CPU time of processes, as Linux counts it; processes of other machines are not counted."""

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg

NANOSECONDS = 1e9


def process_cpu(pid: int) -> float:
    """Return the CPU seconds of all threads of a process so far; zero for one of another machine."""
    # Nanoseconds; /proc/PID/stat has hundredths of a second.
    total = 0
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            total += int(Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()[0])
    return total / NANOSECONDS


def with_children(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split():
                found += with_children(int(child))
    return found


class Meter:
    """Measures the CPU time of a process with its descendants, and of their PostgreSQL backends.

    Backends are found by `PGAPPNAME` of their connections. `server` is None on SQLite.
    """

    def __init__(self, pid: int, name: str, server: psycopg.Connection | None) -> None:
        self._pid, self._name, self._server = pid, name, server

    def read(self) -> dict[int, float]:
        """Return the seconds of each process so far."""
        return {pid: process_cpu(pid) for pid in [*with_children(self._pid), *self._backends()]}

    def since(self, before: Mapping[int, float]) -> float:
        """Return the sum of seconds since an earlier reading."""
        return sum(seconds - before.get(pid, 0.0) for pid, seconds in self.read().items())

    def _backends(self) -> Iterable[int]:
        if self._server is None:
            return []
        rows = self._server.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [self._name])
        return [pid for (pid,) in rows]
