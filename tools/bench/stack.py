"""A Django project in its own process, which does one work at a time on command."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self


class Stack:
    """Starts the process, sends it works, and ends it."""

    def __init__(
        self, module: str, environment: Mapping[str, str], *arguments: str, python: str = sys.executable
    ) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a fixed module
            [python, "-m", "tools.bench.work", module, *arguments],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.communicate()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def seconds(self, work: str, times: int) -> float:
        """Return the wall time of each call, in seconds."""
        return float(self.do(work, times)["seconds"])

    def cpu(self, work: str, times: int) -> float:
        """Return the CPU seconds of each call, of this process and its database backends."""
        return float(self.do(work, times)["cpu"])

    def do(self, work: str, times: int, *, warm: bool = True) -> dict[str, Any]:
        """Do some work this many times, after one call to warm up; return seconds, CPU and memory."""
        self.begin(work, times, warm=warm)
        return self.answer()

    def begin(self, work: str, times: int, *, warm: bool) -> None:
        """Start some work; `answer` waits for its end."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([work, times, warm]) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Return what the work took. Raises `RuntimeError` where the process ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"A stack of the benchmark ended with {self._process.wait()}.")
        return dict(json.loads(line))


def together(stacks: Sequence[Stack], work: str) -> float:
    """Do the same work in several stacks at once; return the seconds until the last is done."""
    started = time.perf_counter()
    for stack in stacks:
        stack.begin(work, 1, warm=False)
    for stack in stacks:
        stack.answer()
    return time.perf_counter() - started
