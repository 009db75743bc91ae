"""How many messages may be sent: per address, person, block of numbers, country and over all, by hour and day.

Every message of `send_notice` counts; what `queue_notices` stores in bulk does not. A code beyond a limit is refused to
the caller who asked for it. Any other message beyond a limit is stored as not sent. Security messages are counted
apart, so that no flood of codes or of other messages keeps one from the owner.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.conf import settings
from django.core.cache import cache
from phonenumbers import SUPPORTED_REGIONS

from privacy.jurisdictions.jurisdictions import EVERYWHERE_ELSE, all_jurisdictions
from privacy.limits.counting import DAY, HOUR, Limit, RateLimited, Try, count
from privacy.notices.numbers import country_of, number_prefix

SMS = "sms"


class MessagePurpose(StrEnum):
    """What a message is for."""

    CODE = "code"
    SECURITY = "security"
    ORDINARY = "ordinary"


# A delay of these costs nothing. Any other message without a code is a security message.
ORDINARY_TEMPLATES = {"copy_ready"}
# Per hour and per day. Who may ask for how many codes says `accounts.tries.limits`; these figures are the last stop.
LIMITS: Mapping[MessagePurpose, Mapping[str, tuple[int, int]]] = {
    MessagePurpose.CODE: {
        # Six codes an hour may be asked for; a stranger who asks for them must not shut the owner out for a day.
        "address": (12, 150),
        # Two contact points.
        "person": (24, 300),
        # Ten thousand neighbours: a block of numbers that somebody bought to be paid for messages.
        "prefix": (60, 800),
    },
    MessagePurpose.SECURITY: {
        # Equal ones are folded: so many different ones tell the owner enough.
        "address": (30, 200),
    },
    MessagePurpose.ORDINARY: {"address": (6, 20), "person": (12, 40), "prefix": (60, 800)},
}
WITHOUT_LIMIT = (2**31, 2**31)
# A country that no jurisdiction and no SMS_COUNTRIES names gets one part in so many of the budget.
PART_OF_OTHER_COUNTRIES = 4
# Where the alarm is raised.
NEARLY_ALL = 0.8
_SPENT = "sms-spent:"
# These count messages of every purpose together.
_SHARED = ("prefix", "country", "all")


def purpose_of(*, template: str, is_urgent: bool) -> MessagePurpose:
    """Return what a message is for."""
    if is_urgent:
        return MessagePurpose.CODE
    return MessagePurpose.ORDINARY if template in ORDINARY_TEMPLATES else MessagePurpose.SECURITY


def count_message(*, channel: str, address: str, person: str, purpose: MessagePurpose) -> None:
    """Count a message that is about to be queued. Raises `RateLimited` where it is one too many.

    Without an address, which was counted already, it is counted for the person alone.
    """
    if not settings.RATE_LIMITS:
        return
    is_sms = channel == SMS and address
    shared = {"prefix": number_prefix(address), "country": country_of(address), "all": "all"} if is_sms else {}
    values = {"address": address, "person": person} | shared
    tries = {dimension: _tries(channel, dimension, value, purpose) for dimension, value in values.items() if value}
    beyond = set(count(one for made in tries.values() for one in made))
    for dimension in ("country", "all"):
        _note_spent(values.get(dimension, ""), [one for one in tries.get(dimension, []) if one in beyond])
    if beyond:
        raise RateLimited(max(one.wait for one in beyond))


def refuse_where_spent(addresses: Iterable[str]) -> None:
    """Refuse a code to these addresses as `count_message` would, without counting. Raises `RateLimited`.

    A code asked for an unknown address is answered as for a known one.
    """
    numbers = [address for address in addresses if number_prefix(address)]
    if not settings.RATE_LIMITS or not numbers:
        return
    waits = cache.get_many([_SPENT + value for value in {"all", *(country_of(number) for number in numbers)}])
    if waits:
        raise RateLimited(max(waits.values()))


def spent_budgets() -> list[str]:
    """Return the countries, and `all`, whose budget of SMS is used up."""
    spent = cache.get_many([_SPENT + value for value in ("all", *sorted(SUPPORTED_REGIONS))])
    return [key.removeprefix(_SPENT) for key in spent]


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
