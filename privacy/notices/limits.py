"""Limits of messages: per address, person, block of numbers, country and in total, by hour and day.

Every message of `send_notice` counts; bulk messages of `queue_notices` do not. A code beyond a limit is refused to the
caller. Any other message beyond a limit is stored as not sent. Security messages are counted separately, so that no
flood of codes or other messages keeps one from the owner. So are messages to an address that somebody typed: anyone
can have them sent, and they use up nothing that the owner needs.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.conf import settings
from django.core.cache import cache
from phonenumbers import SUPPORTED_REGIONS

from privacy.jurisdictions.jurisdictions import EVERYWHERE_ELSE, all_jurisdictions
from privacy.limits.counting import DAY, HOUR, Limit, RateLimited, Try, count, used_up
from privacy.notices.numbers import country_of, number_prefix

SMS = "sms"


class MessagePurpose(StrEnum):
    """The purpose of a message. A delay of an ordinary one does no harm."""

    CODE = "code"
    SECURITY = "security"
    ORDINARY = "ordinary"
    # To an address that somebody typed, before anyone proved that it is theirs.
    UNPROVEN = "unproven"
    UNPROVEN_CODE = "unproven_code"


# Per hour and per day. `accounts.tries.limits` says who may request how many codes; these limits are the last resort.
LIMITS: Mapping[MessagePurpose, Mapping[str, tuple[int, int]]] = {
    MessagePurpose.CODE: {
        # Six codes an hour may be requested; a stranger who requests them must not block the owner for a day.
        "address": (12, 150),
        # Two contact points.
        "person": (24, 300),
        # Ten thousand adjacent numbers: a block that was bought to earn from messages to it.
        "prefix": (60, 800),
    },
    MessagePurpose.SECURITY: {
        # Equal ones are folded; this many different ones are enough to warn the owner.
        "address": (30, 200),
    },
    MessagePurpose.ORDINARY: {"address": (6, 20), "person": (12, 40), "prefix": (60, 800)},
    MessagePurpose.UNPROVEN: {"address": (12, 20), "prefix": (60, 800)},
    # Each may be tried five times: a hundred guesses a day (NIST SP 800-63B-4, 3.2.2).
    MessagePurpose.UNPROVEN_CODE: {"address": (12, 20), "person": (24, 300), "prefix": (60, 800)},
}
WITHOUT_LIMIT = (2**31, 2**31)
# A country that no jurisdiction and no SMS_COUNTRIES names gets the budget divided by this.
PART_OF_OTHER_COUNTRIES = 4
# The share of a budget that raises the alarm.
NEARLY_ALL = 0.8
_SPENT = "sms-spent:"
# These count messages of every purpose together.
_SHARED = ("prefix", "country", "all")


def count_message(*, channel: str, address: str, person: str, purpose: MessagePurpose) -> None:
    """Count a message before it is queued. Raises `RateLimited` if it is beyond a limit.

    Without an address, because that was counted already, only the person is counted.
    """
    if not settings.RATE_LIMITS:
        return
    values = _values(channel, address, person)
    tries = {dimension: _tries(channel, dimension, value, purpose) for dimension, value in values.items()}
    beyond = set(count(one for made in tries.values() for one in made))
    for dimension in ("country", "all"):
        _note_spent(values.get(dimension, ""), [one for one in tries.get(dimension, []) if one in beyond])
    if beyond:
        raise RateLimited(max(one.wait for one in beyond))


def refuse_where_used_up(*, channel: str, address: str, person: str, purpose: MessagePurpose) -> None:
    """Raise `RateLimited` where `count_message` would, without counting."""
    if not settings.RATE_LIMITS:
        return
    values = _values(channel, address, person)
    if full := used_up(one for name, value in values.items() for one in _tries(channel, name, value, purpose)):
        raise RateLimited(max(one.wait for one in full))


def refuse_where_spent(addresses: Iterable[str]) -> None:
    """Raise `RateLimited` as `count_message` would for a code to these addresses, without counting.

    A code requested for an unknown address is answered as for a known one.
    """
    numbers = [address for address in addresses if number_prefix(address)]
    if not settings.RATE_LIMITS or not numbers:
        return
    waits = cache.get_many([_SPENT + value for value in {"all", *(country_of(number) for number in numbers)}])
    if waits:
        raise RateLimited(max(waits.values()))


def spent_budgets() -> list[str]:
    """Return the countries, and `all`, whose SMS budget is used up."""
    spent = cache.get_many([_SPENT + value for value in ("all", *sorted(SUPPORTED_REGIONS))])
    return [key.removeprefix(_SPENT) for key in spent]


def _values(channel: str, address: str, person: str) -> dict[str, str]:
    is_sms = channel == SMS and address
    shared = {"prefix": number_prefix(address), "country": country_of(address), "all": "all"} if is_sms else {}
    return {name: value for name, value in ({"address": address, "person": person} | shared).items() if value}


def _tries(channel: str, dimension: str, value: str, purpose: MessagePurpose) -> list[Try]:
    what = f"notice:{channel}:{dimension}" + ("" if dimension in _SHARED else f":{purpose}")
    limits = zip(_most(purpose, dimension, value), (HOUR, DAY), strict=True)
    return [Try.now(Limit(most, seconds), what, value) for most, seconds in limits]


def _most(purpose: MessagePurpose, dimension: str, value: str) -> tuple[int, int]:
    """Return how many messages of a purpose one value of a dimension gets, per hour and per day."""
    if dimension not in ("country", "all"):
        return LIMITS[purpose].get(dimension, WITHOUT_LIMIT)
    if purpose is MessagePurpose.SECURITY or (dimension == "country" and _is_home(value)):
        return WITHOUT_LIMIT
    part = PART_OF_OTHER_COUNTRIES if dimension == "country" else 1
    return max(settings.SMS_PER_HOUR // part, 1), max(settings.SMS_PER_DAY // part, 1)


def _is_home(country: str) -> bool:
    named = {
        *settings.SMS_COUNTRIES,
        *(c for j in all_jurisdictions().values() if j.is_stored_here for c in j.countries),
    }
    return country in named - {EVERYWHERE_ELSE}


def _note_spent(value: str, beyond: list[Try]) -> None:
    if beyond:
        wait = max(one.wait for one in beyond)
        cache.set(_SPENT + value, wait, timeout=wait)
