"""How often something may be tried: per person, contact, network and so on. Counters hold no value in clear."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from privacy.encryption.fields import blind_index


class RateLimited(Exception):
    """Too many tries; `retry_after` says in how many seconds the next is allowed."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many tries; the next is allowed in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """At most `count` in a window of `seconds`."""

    count: int
    seconds: int


MINUTE, HOUR, DAY = 60, 3600, 86_400
LIMITS: Mapping[str, Mapping[str, Limit]] = {
    "sign_in": {"person": Limit(10, 15 * MINUTE), "network": Limit(100, 15 * MINUTE)},
    "code": {
        "contact": Limit(6, HOUR),
        "network": Limit(60, HOUR),
        # SMS pumping buys a block of numbers; ten thousand neighbours share what stands before the last four digits.
        "prefix": Limit(30, HOUR),
    },
    # Tries with a code, right or wrong: of one code, which takes five, and of a network, also where none was sent.
    "confirm_code": {"code": Limit(10, 15 * MINUTE), "network": Limit(100, 15 * MINUTE)},
    "recover": {"contact": Limit(6, HOUR), "network": Limit(30, HOUR)},
    "register": {"network": Limit(60, HOUR)},
    "fresh_sign_in": {"person": Limit(10, 15 * MINUTE)},
    "second_factor": {"person": Limit(10, 15 * MINUTE)},
    # Each sign-in asks twice: for the challenge, and with the answer.
    "passkey": {"network": Limit(200, 15 * MINUTE)},
}


def consume(action: str, **who: str | Iterable[str]) -> None:
    """Count one try of an action for each given dimension; raise `RateLimited` where one is used up.

    `who` maps a dimension of `LIMITS[action]` (such as `person`, `contact` or `network`) to its value, or to several of
    which each is counted.
    """
    if not settings.RATE_LIMITS:
        return
    made = (
        _Try.now(LIMITS[action][dimension], action, dimension, value)
        for dimension, given in who.items()
        for value in ([given] if isinstance(given, str) else given)
        if value
    )
    # Two values may be one counter: it folds case and width.
    tries = {tried.key: tried for tried in made}
    counts = cache.count({key: tried.limit.seconds for key, tried in tries.items()})  # type: ignore[attr-defined]
    waits = [tried.wait for tried, count in zip(tries.values(), counts, strict=True) if count > tried.limit.count]
    if waits:
        raise RateLimited(max(waits))


def number_prefix(number: str) -> str:
    """Return what neighbours of an E.164 number share: all but the last four digits; empty for other text."""
    return number[:-4] if number.startswith("+") else ""


# What counts of a text that somebody typed: no name or address is longer.
LONGEST_COUNTED = 500


@dataclass(frozen=True)
class _Try:
    """One try in its limit's present window, which ends after `wait` seconds; `key` names its counter."""

    limit: Limit
    key: str
    wait: int

    @classmethod
    def now(cls, limit: Limit, action: str, dimension: str, value: str) -> "_Try":
        window, passed = divmod(int(time.time()), limit.seconds)
        index = blind_index(value[:LONGEST_COUNTED], f"{action}:{dimension}:{window}")
        return cls(limit, f"limit:{index.hex()}", limit.seconds - passed)
