"""What a person chose: language and time format. `privacy` holds no accounts: a package of `accounts` knows."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from privacy.operations.collecting import declared


@dataclass(frozen=True)
class Preferences:
    """A language code and a `TimeFormat`; each is None while the person has not chosen."""

    language: str | None = None
    time_format: str | None = None


@dataclass(frozen=True)
class PreferencesOfPerson:
    """A function that returns what a person chose, or None for one that it does not know."""

    look_up: Callable[[UUID], Preferences | None]


def preferences_of(subject_id: UUID | None) -> Preferences:
    """Return what a person chose; nothing for no one, for erased people, and for a language that was removed."""
    if subject_id is None:
        return Preferences()
    found = next((one for each in declared(PreferencesOfPerson) if (one := each.look_up(subject_id))), Preferences())
    return Preferences(supported_language(found.language), found.time_format)


def supported_language(language: str | None) -> str | None:
    """Return a language code if the portal has the language, else None."""
    return language if language in dict(settings.LANGUAGES) else None
