"""The process of a stack: sets up Django, prepares the module's works, and does those named on its input."""

import contextlib
import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.db import connections

from tools.bench.cpu import process_cpu

Work = Callable[[], None]


def serve(works: dict[str, Work]) -> None:
    """Answer each line with the cost of its work."""
    print(json.dumps({"works": list(works)}), flush=True)
    for line in sys.stdin:
        name, times, warm = json.loads(line)
        print(json.dumps(_measured(works[name], times, warm=warm)), flush=True)


def _measured(work: Work, times: int, *, warm: bool) -> dict[str, Any]:
    if warm:
        work()
    gc.collect()
    databases = _database_cpu()
    started, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    cpu += _database_cpu() - databases
    return {"seconds": seconds / times, "cpu": cpu / times, "memory": _memory()}


def _database_cpu() -> float:
    """Return the CPU seconds of the PostgreSQL backends of the connections so far."""
    return sum(process_cpu(connection.connection.info.backend_pid) for connection in _on_postgresql())


def _on_postgresql() -> list[Any]:
    return [c for c in connections.all() if c.vendor == "postgresql" and c.connection is not None]


def _memory() -> int:
    """Return the resident memory of this process, in bytes."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    return 0


if __name__ == "__main__":
    django.setup()
    serve(importlib.import_module(sys.argv[1]).works(*sys.argv[2:]))
