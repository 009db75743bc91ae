"""The country of a person. `privacy` holds no profiles: a package of `accounts` declares the function that knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from privacy.operations.collecting import declared


@dataclass(frozen=True)
class CountryOfPerson:
    """A function that returns a person's country (ISO 3166-1 alpha-2), or None."""

    country_of: Callable[[UUID], str | None]


def country_of(subject_id: UUID) -> str | None:
    """Return a person's country; None for staff and for erased people."""
    return next((found for each in declared(CountryOfPerson) if (found := each.country_of(subject_id))), None)
