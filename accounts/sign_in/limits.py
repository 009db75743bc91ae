"""How often something may be tried: per person, contact, network and number prefix. Counters hold no value in clear."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from privacy.limits.counting import HOUR, MINUTE, Limit, RateLimited, Try, count
from privacy.notices.numbers import number_prefix

__all__ = ["LIMITS", "Limit", "RateLimited", "consume", "number_prefix"]

LIMITS: Mapping[str, Mapping[str, Limit]] = {
    "sign_in": {"person": Limit(10, 15 * MINUTE), "network": Limit(100, 15 * MINUTE)},
    "code": {
        "contact": Limit(6, HOUR),
        "network": Limit(60, HOUR),
        # SMS pumping buys a block of numbers; ten thousand neighbours share what stands before the last four digits.
        "prefix": Limit(30, HOUR),
    },
    "recover": {"contact": Limit(6, HOUR), "network": Limit(30, HOUR)},
    "wait_for_code": {"network": Limit(5, HOUR)},
    "register": {"network": Limit(60, HOUR)},
    "fresh_sign_in": {"person": Limit(10, 15 * MINUTE)},
    "second_factor": {"person": Limit(10, 15 * MINUTE)},
    # Each sign-in asks twice: for the challenge, and with the answer.
    "passkey": {"network": Limit(200, 15 * MINUTE)},
}


def consume(action: str, **who: str | Iterable[str]) -> None:
    """Count one try of an action for each given dimension; raise `RateLimited` where one is used up.

    `who` maps a dimension of `LIMITS[action]` (`person`, `contact`, `network` or `prefix`) to its value, or to several
    of which each is counted.
    """
    if not settings.RATE_LIMITS:
        return
    beyond = count(
        Try.now(LIMITS[action][dimension], f"{action}:{dimension}", value)
        for dimension, given in who.items()
        for value in ([given] if isinstance(given, str) else given)
        if value
    )
    if beyond:
        raise RateLimited(max(one.wait for one in beyond))
