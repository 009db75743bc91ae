"""Which counts may be kept: none of fewer than ten people, and none from which such a one follows."""

from collections import Counter
from collections.abc import Mapping

from privacy.retention.models import SMALLEST_GROUP

OTHER = "other"
Group = tuple[str, str, str]  # jurisdiction, kind, country


def suppress_small_groups(counts: Mapping[Group, int]) -> dict[Group, int]:
    """Return what may be kept of the counts of (jurisdiction, kind, country).

    A country of fewer than ten people is not named. The people of all such countries, within one jurisdiction and
    kind, go together to the country "other", if they are ten or more without the largest of these countries, too; else
    they are dropped, and nothing says that they were.

    Why nothing follows from what is kept, about a group under ten:

    - No total is kept beside its parts: a jurisdiction, a kind or a month has no count of its own, so there is nothing
      to subtract the named countries from. The number of a month's people who were dropped stands nowhere.
    - "other" does not say which countries are in it, and is no remainder of anything: countries that are not named may
      be in it, or have had nobody at all. Exchange a small country for one that nobody came from: the same is kept.
    - Whoever knows how many came from one country in "other", and be it as the only one who did, takes that from it and
      learns how many came from the rest: ten or more, from two countries or more. With nine from one country and one
      from another, that one would learn of the nine.
    - Groups never overlap, neither within a month nor between months: a person is in one group of one month.
    - A month is counted once. There is no later count of the same month, without those who left since, to compare.
    - The other numbers that staff see do not fit as a total: registrations of the last 14 days are of days, whether
      or not they were verified, and gone after 14 days; people by version of a policy are of all time. Whoever kept
      those of a month could learn at most that some people, under ten, came from countries that are not named.
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
