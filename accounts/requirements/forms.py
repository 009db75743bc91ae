"""The form of the fields of a profile that a service needs and that are missing."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.profiles.forms import ProfileForm, checked_together
from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_values
from accounts.users.empty_fields import text_errors
from accounts.users.models import User

# Not asked with the number that depends on it.
ONLY_CHECKED = frozenset({"country"})


class NeededForm(ProfileForm):
    """Asks for the fields of these `keys`, and what is checked together with them; the `keys` are required."""

    def __init__(self, data: QueryDict | None, *, profile: Profile, user: User, keys: Collection[str]) -> None:
        checked = {*(checked_together(keys) or ()), *keys}
        initial = {key: value for key, value in profile_values(profile).items() if key in checked}
        hidden = {key: initial.get(key) for key in checked & ONLY_CHECKED}
        super().__init__(
            _with(data, hidden),
            initial={"country": profile.country, **initial},
            kind=profile.kind,
            user=user,
            only=checked,
        )
        self.hidden_keys = hidden.keys()
        for key in self.fields.keys() & set(keys):
            _require(self.fields[key])

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields to show."""
        return [field for field in super().asked if field.name not in self.hidden_keys]


def _with(data: QueryDict | None, held: Mapping[str, Any]) -> QueryDict | None:
    """Return what was typed, with the stored values of the fields that are not asked."""
    if data is None:
        return None
    filled = data.copy()
    for key, value in held.items():
        filled[key] = str(value or "")
    return filled


def _require(field: forms.Field) -> None:
    field.required = field.widget.is_required = True
    field.error_messages |= text_errors(field.label)
