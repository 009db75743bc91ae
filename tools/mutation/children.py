"""Run a function in a forked child with a time limit, and turn its answer into a verdict."""

import os
import pickle
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"


class Verdict(NamedTuple):
    """The outcome of a mutant, and the test that killed it."""

    outcome: str
    by: str = ""


def verdict(answer: object) -> Verdict:
    """Return the verdict for the answer of a child: the name of the failed test, or "" without one."""
    if answer is TIMED_OUT:
        return Verdict(TIMED_OUT)
    return Verdict(KILLED, str(answer or "the process ended")) if answer != "" else Verdict(SURVIVED)


def in_child(run: Callable[[], object], *, seconds: float | None, quiet: bool = True) -> object:
    """Return the result of a function in a forked child, `TIMED_OUT`, or None where the child died."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if quiet:
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nothing, number)
        status = 1
        with suppress(BaseException):
            data = pickle.dumps(run())
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(data)
            status = 0
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        ready, _w, _x = select.select([pipe], [], [], seconds)
        data = pipe.read() if ready else b""
    if not ready:
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not ready:
        return TIMED_OUT
    return pickle.loads(data) if data else None  # noqa: S301 - written by the own child
