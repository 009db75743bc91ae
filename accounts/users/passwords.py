"""Password rules: long enough, not common, not made of the person's own data; no composition rules."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class LengthValidator:
    """At least `PASSWORD_MIN_LENGTH` characters, at most 128."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password that is too short or too long."""
        if len(password) < settings.PASSWORD_MIN_LENGTH:
            raise ValidationError(
                _("Enter at least %(min)d characters."), "password_too_short", {"min": settings.PASSWORD_MIN_LENGTH}
            )


class CommonPasswordValidator:
    """Refuses widely used passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a common password."""


class OwnDataValidator:
    """Refuses passwords that resemble the person's other fields."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password made of the person's data."""
