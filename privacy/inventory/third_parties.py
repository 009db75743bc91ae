"""Third parties that hold data. A package above keeps the list of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from privacy.operations.collecting import declared


@dataclass(frozen=True)
class ThirdParty:
    """A third party that holds data: an id, a name, and the retention classes of the data."""

    number: str
    name: str
    classes: Sequence[str]


@dataclass(frozen=True)
class ThirdParties:
    """A function that returns the third parties that hold data now."""

    find: Callable[[], Iterable[ThirdParty]]


def third_parties() -> list[ThirdParty]:
    """Return every third party that holds data now."""
    return [party for each in declared(ThirdParties) for party in each.find()]
