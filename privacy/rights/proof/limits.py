"""How often one caller has codes sent to an address, and tries them.

They count by caller and address together. So a stranger who uses up their own tries leaves the owner of the address
theirs; what all callers together get is limited by the number of codes (`privacy.notices.limits`).
"""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.http import HttpRequest

from privacy.limits.counting import DAY, HOUR, Limit, RateLimited, Try, count

CODES = (Limit(6, HOUR), Limit(8, DAY))
# Five with each code.
GUESSES = (Limit(30, HOUR), Limit(40, DAY))
# SMS pumping uses blocks of numbers: a number without its last four digits stands for 10,000. All callers together.
OF_A_BLOCK, DIGITS_IN_BLOCK = Limit(30, HOUR), 4


def count_code(http: HttpRequest, address: str) -> None:
    """Count a code that this caller has sent to an address. Raises `RateLimited`."""
    _count(http, "request_code", CODES, address)


def count_new_code(http: HttpRequest, address: str) -> None:
    """Count a code as `count_code`, and by the block of a phone number, too. Raises `RateLimited`.

    Filing a request does not count by block: strangers could keep people of the same block from filing.
    """
    count_code(http, address)
    if settings.RATE_LIMITS and address.startswith("+"):
        block = Try.now(OF_A_BLOCK, "request_code_block", address[:-DIGITS_IN_BLOCK])
        if beyond := count([block]):
            raise RateLimited(max(one.wait for one in beyond))


def count_guess(http: HttpRequest, address: str) -> None:
    """Count a code that this caller typed, right or wrong, for an address. Raises `RateLimited`."""
    _count(http, "request_guess", GUESSES, address)


def _count(http: HttpRequest, what: str, limits: Sequence[Limit], address: str) -> None:
    if not settings.RATE_LIMITS:
        return
    made = [
        Try.now(Limit(limit.count * times, limit.seconds), what, f"{caller}|{address}")
        for caller, times in _callers(http)
        for limit in limits
    ]
    if beyond := count(made):
        raise RateLimited(max(one.wait for one in beyond))


def _callers(http: HttpRequest) -> Iterator[tuple[str, int]]:
    """Yield the signed-in person, else the networks of the caller, each with its multiple of the limits."""
    if http.user.is_authenticated:
        yield str(http.user.pk), 1
    else:
        yield from http.networks.items()  # type: ignore[attr-defined]  # middleware sets it
