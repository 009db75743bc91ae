"""How often something may be tried: per person, device, contact, network and number prefix. Keys are keyed hashes."""

from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.http import HttpRequest

from accounts.tries.models import TryTotal
from accounts.tries.networks import prefixes_of
from accounts.tries.totals import count_total
from accounts.tries.waits import Growing, forget_waits, take_turn
from privacy.encryption.fields import blind_index
from privacy.limits.counting import DAY, HOUR, MAX_COUNTED_LENGTH, MINUTE, Limit, RateLimited, Try, count
from privacy.notices.numbers import number_prefix

__all__ = ["LIMITS", "Limit", "RateLimited", "consume", "forgive", "forgive_later", "forgive_tries", "number_prefix"]

# A few typing errors cost nothing; then the wait is 30 seconds, one minute, two, up to 15 minutes. So owners get in
# again, and an attacker has 100 tries a day (NIST SP 800-63B-4, 3.2.2).
GROWING = Growing(free=5, first=30, longest=15 * MINUTE)
# Limits of a network are for a single caller; wider networks have a multiple (`accounts.tries.networks`).
LIMITS: Mapping[str, Mapping[str, Limit | Growing]] = {
    # A known device counts by itself, so that tries elsewhere do not block it.
    "sign_in": {"person": GROWING, "device": GROWING, "network": Limit(100, 15 * MINUTE)},
    "second_factor": {"person": GROWING, "device": GROWING},
    "fresh_sign_in": {"person": GROWING},
    "set_up_app": {"person": Limit(20, 15 * MINUTE)},
    "code": {
        "contact": Limit(6, HOUR),
        # For a known device, instead of contact point and prefix, which strangers can use up.
        "device": Limit(6, HOUR),
        "network": Limit(60, HOUR),
        # SMS pumping uses blocks of numbers: the prefix without the last four digits covers 10,000 numbers.
        "prefix": Limit(30, HOUR),
    },
    # Tries with a code, right or wrong, by code and by network, also where no code was sent.
    "confirm_code": {"code": Limit(10, 15 * MINUTE), "network": Limit(100, 15 * MINUTE)},
    "recover": {"contact": Limit(6, HOUR), "device": Limit(6, HOUR), "network": Limit(30, HOUR)},
    "wait_for_code": {"network": Limit(5, HOUR)},
    "register": {"network": Limit(60, HOUR)},
    # Files with which people arrive from another portal.
    "package": {"network": Limit(30, HOUR)},
    # Each sends a message to an address that someone types.
    "guardian": {"network": Limit(10, HOUR)},
    # Each sign-in sends two requests: for the challenge, and with the answer.
    "passkey": {"network": Limit(200, 15 * MINUTE)},
    # Answers that show whether something exists: a username, a receipt, a person.
    "username": {"person": Limit(20, HOUR), "network": Limit(120, HOUR)},
    "receipt": {"person": Limit(60, HOUR), "network": Limit(60, HOUR)},
    # Requests about data: a person hardly files twenty a day, nor a network sixty an hour.
    "request": {"person": Limit(20, DAY), "network": Limit(60, HOUR)},
    "request_code": {"person": Limit(30, HOUR), "network": Limit(60, HOUR)},
    "staff_search": {"person": Limit(60, HOUR)},
    "staff_open": {"person": Limit(60, HOUR)},
    "staff_export": {"person": Limit(20, HOUR)},
    # Permanent records of a signed-in person: more than a person needs, too few to fill a disk.
    "consent": {"person": Limit(100, DAY)},
    "correction": {"person": Limit(100, DAY)},
    "copy": {"person": Limit(20, DAY)},
    # Each draws new pictures, for up to 30 seconds.
    "licence": {"person": Limit(10, HOUR)},
    # Each sends a message to an address that someone types.
    "invitation": {"person": Limit(20, DAY)},
    "contact_change": {"person": Limit(20, DAY)},
    "factor_change": {"person": Limit(50, DAY)},
}
# Actions with totals over all people.
_TOTALS = {"code": TryTotal.Kind.CODE_ASKED}


def consume(action: str, **who: str | Iterable[str]) -> None:
    """Count one try of an action for each given dimension. Raises `RateLimited` where a limit is reached.

    `who` maps a dimension of `LIMITS[action]` (such as `person`, `device`, `contact` or `network`) to its value, or to
    several values, each of which is counted. A network also counts for the wider networks around it.
    """
    if not settings.RATE_LIMITS:
        return
    if action in _TOTALS:
        count_total(_TOTALS[action])
    given = {dimension: _values(value) for dimension, value in who.items()}
    _count(action, given)
    for dimension, values in given.items():
        growing = LIMITS[action][dimension]
        if isinstance(growing, Growing) and (wait := take_turn(_wait_keys(action, dimension, values), growing)):
            raise RateLimited(wait)


def forgive(action: str, **who: str | Iterable[str]) -> None:
    """Reset the growing waits of an action for each given dimension, after a right try."""
    if settings.RATE_LIMITS:
        for dimension, value in who.items():
            forget_waits(_wait_keys(action, dimension, _values(value)))


def forgive_later(request: HttpRequest, action: str, **who: str | Iterable[str]) -> None:
    """Mark a try as right: the sign-in resets the waits in its own transaction."""
    request.right_try = (action, who)  # type: ignore[attr-defined]


def forgive_tries(request: HttpRequest) -> None:
    """Reset the waits of the right try of this request, once."""
    if right := getattr(request, "right_try", None):
        request.right_try = None  # type: ignore[attr-defined]
        forgive(right[0], **right[1])


def _count(action: str, given: Mapping[str, list[str]]) -> None:
    made = [
        Try.now(limit, f"{action}:{dimension}", value)
        for dimension, values in given.items()
        for narrowest in values
        for value, limit in _limited(LIMITS[action][dimension], dimension, narrowest)
    ]
    if made and (beyond := count(made)):
        raise RateLimited(max(one.wait for one in beyond))


def _limited(limit: Limit | Growing, dimension: str, value: str) -> Iterator[tuple[str, Limit]]:
    """Yield the values under which a try counts, each with its limit."""
    if isinstance(limit, Growing):
        return
    widths = prefixes_of(value) if dimension == "network" else {value: 1}
    yield from ((counted, Limit(limit.count * times, limit.seconds)) for counted, times in widths.items())


def _values(given: str | Iterable[str]) -> list[str]:
    return [value for value in ([given] if isinstance(given, str) else given) if value]


def _wait_keys(action: str, dimension: str, values: Iterable[str]) -> set[bytes]:
    return {blind_index(value[:MAX_COUNTED_LENGTH], f"{action}:{dimension}") for value in values}
