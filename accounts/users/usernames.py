"""Usernames: letters of any script, digits, `_ . -`; never shaped like an e-mail address or a phone number."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.inventory.typed import is_ignorable, is_visible, without_margin

SHORTEST, LONGEST = 3, 40
_PHONE_SHAPE = re.compile(r"[\d.\-_]+", re.UNICODE)


MOST_TYPED = 1000


def clean_username(text: str) -> str:
    """Return a username in NFC, or raise `ValidationError`.

    The blind index folds case and compatibility (NFKC), so that names that differ only in width or case collide.
    """
    # No longer text: the time to normalise a hostile one grows with the square of its length.
    username = unicodedata.normalize("NFC", without_margin(text)) if len(text) <= MOST_TYPED else ""
    if not SHORTEST <= len(username) <= LONGEST:
        raise ValidationError(
            _("Choose a username of %(min)d to %(max)d characters."),
            "invalid_length",
            {"min": SHORTEST, "max": LONGEST},
        )
    is_readable = all(_is_allowed(character) for character in username) and any(map(is_visible, username))
    if not is_readable:
        raise ValidationError(_("Use only letters, digits, underscores, full stops and hyphens."), "invalid_characters")
    if _PHONE_SHAPE.fullmatch(unicodedata.normalize("NFKC", username)):
        raise ValidationError(
            _("Add at least one letter, so that it can't be mistaken for a phone number."), "like_a_phone"
        )
    return username


def _is_allowed(character: str) -> bool:
    return character in "_.-" or (unicodedata.category(character)[0] in "LMN" and not is_ignorable(character))
