"""In which country somebody lives, for numbers that they write as at home; `accounts.profiles` knows it."""

from collections.abc import Callable
from uuid import UUID

Source = Callable[[UUID], str | None]
_sources: list[Source] = []


def register_region_source(source: Source) -> Source:
    """Add a function that returns a person's country (ISO 3166-1 alpha-2), or None. Usable as a decorator."""
    _sources.append(source)
    return source


def region_of(subject_id: UUID) -> str | None:
    """Return a person's country, or None where nobody knows it."""
    return next((found for source in _sources if (found := source(subject_id))), None)
