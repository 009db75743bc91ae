"""The language and the time format that a person chose."""

from uuid import UUID

from accounts.users.models import User
from privacy.preferences.preferences import Preferences


def choose_preferences(user: User, **chosen: str | None) -> None:
    """Store `language` or `time_format`, or both; None ends a choice."""
    for name, value in chosen.items():
        setattr(user, name, value)
    User.objects.filter(pk=user.pk).update(**chosen)


def preferences_of_user(subject_id: UUID) -> Preferences | None:
    """Return what a person chose, for `privacy.preferences`."""
    found = User.objects.filter(subject_id=subject_id).values_list("language", "time_format").first()
    return Preferences(*found) if found else None
