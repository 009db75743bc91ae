"""One Django project in a process of its own, which does one piece of work at a time when it is told to."""

import json
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self


class Stack:
    """Starts the process, hands it work, and ends it."""

    def __init__(self, module: str, environment: Mapping[str, str], *arguments: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "bench.work", module, *arguments],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.communicate()

    def seconds(self, work: str, times: int) -> float:
        """Return how long each of so many times took, in seconds of the clock."""
        return float(self._do(work, times)["seconds"])

    def cpu(self, work: str, times: int) -> float:
        """Return the seconds of CPU that each took, in this process and in its database's together."""
        return float(self._do(work, times)["cpu"])

    def _do(self, work: str, times: int) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([work, times]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"A stack of the benchmark ended with {self._process.wait()}.")
        return dict(json.loads(line))
