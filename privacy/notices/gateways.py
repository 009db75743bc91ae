"""A circuit breaker and a share of the workers for each gateway, so that one that hangs stops no other.

A gateway is named by its channel. The cache holds the breaker's state, for all workers of all hosts. It opens after
`FAILURES` attempts in a row without an answer, and lets one attempt through every `OPEN_SECONDS` until one succeeds.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache

FAILURES, OPEN_SECONDS = 3, 30
# A breaker without attempts closes by itself after this time.
FORGOTTEN_AFTER = 3600
# How long a thread waits for a slot of its gateway; afterwards the message waits for the sweep.
WAIT_SECONDS = 0.25
_PLACES: dict[str, threading.BoundedSemaphore] = {}


def is_open(gateway: str) -> bool:
    """Whether messages to a gateway wait because it does not answer."""
    return _is_open(_state(gateway))


def may_be_tried(gateway: str) -> bool:
    """Whether the next attempt would be let through; reserves nothing."""
    return _may_be_tried(_state(gateway))


@contextmanager
def gateway_slot(gateway: str) -> Iterator[bool]:
    """Hold one of a gateway's slots in this process; yields whether one is free and the breaker lets it through."""
    places = _places(gateway)
    if not places.acquire(timeout=WAIT_SECONDS):
        yield False
        return
    try:
        yield _is_let_through(gateway)
    finally:
        places.release()


def note_answer(gateway: str) -> None:
    """Close the breaker: the gateway answered, whatever the answer."""
    if _state(gateway):
        cache.delete(_key(gateway))


def note_silence(gateway: str) -> None:
    """Count an attempt without an answer in time."""
    failures = int(_state(gateway).get("failures", 0)) + 1
    cache.set(_key(gateway), {"failures": failures, "until": time.time() + OPEN_SECONDS}, timeout=FORGOTTEN_AFTER)


def _is_let_through(gateway: str) -> bool:
    state = _state(gateway)  # once: another process may close the breaker meanwhile
    if not _is_open(state):
        return True
    # One attempt each time the breaker half-opens: `add` succeeds for the first one only.
    probe = f"{_key(gateway)}:probe:{state['until']:.0f}"
    return _may_be_tried(state) and bool(cache.add(probe, 1, timeout=OPEN_SECONDS))


def _is_open(state: Mapping[str, float]) -> bool:
    return int(state.get("failures", 0)) >= FAILURES


def _may_be_tried(state: Mapping[str, float]) -> bool:
    return not _is_open(state) or time.time() >= state["until"]


def _state(gateway: str) -> dict[str, float]:
    return cache.get(_key(gateway)) or {}


def _places(gateway: str) -> threading.BoundedSemaphore:
    """Return a gateway's slots: half of the threads that send codes, so that another gateway has the other half."""
    return _PLACES.setdefault(gateway, threading.BoundedSemaphore(max(settings.WORKERS_CODES // 2, 1)))


def _key(gateway: str) -> str:
    return f"gateway:{gateway}"
