"""Counts tries in windows of time. The counters are in the cache, without any value in clear."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from privacy.encryption.fields import blind_index

MINUTE, HOUR, DAY = 60, 3600, 86_400
# What counts of a text that somebody typed: no name or address is longer.
MAX_COUNTED_LENGTH = 500


class RateLimited(Exception):
    """Too many tries; the next one is allowed in `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many tries; the next is allowed in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """At most `count` in a window of `seconds`."""

    count: int
    seconds: int


@dataclass(frozen=True)
class Try:
    """One try in the present window of its limit, which ends after `wait` seconds; `key` names its counter."""

    limit: Limit
    key: str
    wait: int

    @classmethod
    def now(cls, limit: Limit, what: str, value: str) -> "Try":
        """Return a try of `what`, such as `sign_in:network`, by or for a value, now."""
        window, passed = divmod(int(time.time()), limit.seconds)
        index = blind_index(value[:MAX_COUNTED_LENGTH], f"{what}:{window}")
        return cls(limit, f"limit:{index.hex()}", limit.seconds - passed)


def count(made: Iterable[Try]) -> list[Try]:
    """Count tries by one command; return those that are beyond their limit."""
    tries = _by_counter(made)
    counts = cache.count({key: one.limit.seconds for key, one in tries.items()})  # type: ignore[attr-defined]
    return [one for one, counted in zip(tries.values(), counts, strict=True) if counted > one.limit.count]


def used_up(made: Iterable[Try]) -> list[Try]:
    """Return the tries that would be beyond their limit, without counting them."""
    tries = _by_counter(made)
    counts = cache.get_many(tries)
    return [one for key, one in tries.items() if int(counts.get(key) or 0) >= one.limit.count]


def _by_counter(made: Iterable[Try]) -> dict[str, Try]:
    # Two values may share a counter: it folds case and width.
    return {one.key: one for one in made}
