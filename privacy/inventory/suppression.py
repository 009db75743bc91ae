"""Suppression threshold of counts: none of fewer than ten people is kept, and none from which such a count follows."""

from collections import Counter
from collections.abc import Mapping

SMALLEST_GROUP = 10

OTHER = "other"
Group = tuple[str, str, str]  # jurisdiction, kind, country


def suppress_small_groups(counts: Mapping[Group, int]) -> dict[Group, int]:
    """Return what may be kept of the counts of (jurisdiction, kind, country).

    A country of fewer than ten people is not named. The people of all such countries, within one jurisdiction and
    kind, are counted as the country "other", if they are ten or more even without the largest of these countries.
    Otherwise they are dropped, and nothing shows it.

    Why nothing about a group under ten follows from what is kept:

    - No total is kept beside its parts: a jurisdiction, a kind or a month has no count of its own from which the named
      countries could be subtracted. How many people of a month were dropped is not stored.
    - "other" does not say which countries are in it, and is no remainder of anything: a country that is not named may
      be in it, or have had no people at all. Replace a small country by one without people: the result is the same.
    - A person who knows how many came from one country in "other", even the only one from it, can subtract that number
      and learns how many came from the rest: ten or more, from two or more countries. With nine from one country and
      one from another, that one person would learn of the nine.
    - Groups never overlap, neither within a month nor between months: a person is in one group of one month.
    - A month is counted once. No later count of the same month, without people who left since, can be compared.
    - The other numbers that staff see cannot serve as a total: registrations of the last 14 days are by day, whether
      or not they were verified, and deleted after 14 days; people by version of a policy are of all time. A person
      who kept those of a month could at most learn that some people, under ten, came from unnamed countries.
    """
    kept: dict[Group, int] = {}
    small: dict[tuple[str, str], Counter[str]] = {}
    for (jurisdiction, kind, country), people in counts.items():
        if people >= SMALLEST_GROUP:
            kept[jurisdiction, kind, country] = people
        elif people > 0:
            small.setdefault((jurisdiction, kind), Counter())[country] += people
    for (jurisdiction, kind), countries in small.items():
        if countries.total() - max(countries.values()) >= SMALLEST_GROUP:
            kept[jurisdiction, kind, OTHER] = countries.total()
    return kept
