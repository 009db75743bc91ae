"""Lets threads act at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def in_parallel(count: int, act: Callable[[int], object]) -> list[str]:
    """Let `count` threads act behind one barrier; return "done" or the kind of error of each."""
    barrier = Barrier(count)

    def run(number: int) -> str:
        barrier.wait()
        try:
            act(number)
        except Exception as error:  # noqa: BLE001 - the kind is the outcome
            return type(error).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
