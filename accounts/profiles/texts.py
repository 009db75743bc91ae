"""Names and free texts: any script, in NFC, without invisible or direction-changing characters."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.inventory.typed import is_visible

# Embeddings, overrides and isolates turn the text around them (Unicode TR 36); single marks (LRM, RLM, ALM) and
# joiners belong to Arabic, Hebrew, Persian and Sinhala names.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Beside these: deprecated format characters, annotations of characters between lines, and a byte order mark.
HIDING = frozenset(TURNING + "\u206a\u206b\u206c\u206d\u206e\u206f\ufff9\ufffa\ufffb\ufeff")
TAGS = range(0xE0000, 0xE0080)


# More than any field takes, in any normal form.
MOST_TYPED = 4000


def clean_text(text: str, *, max_length: int, lines: bool = False) -> str:
    """Return a text in NFC without outer white space; `lines` allows line breaks.

    Raises `ValidationError` for a text that looks empty, is too long, or has control or direction characters.
    """
    if len(text) > MOST_TYPED:  # the time to normalise a hostile text grows with the square of its length
        raise ValidationError(_("Enter at most %(max)d characters."), "too_long", {"max": max_length})
    # Text copied from a table has tabs and line breaks of any system.
    typed = text.replace("\r\n", "\n").replace("\t", " ") if lines else text
    cleaned = unicodedata.normalize("NFC", typed).strip()
    if any(_is_forbidden(character, lines=lines) for character in cleaned):
        raise ValidationError(
            _("Remove hidden characters, for example by typing the text again."), "invalid_characters"
        )
    if not any(is_visible(character) for character in cleaned):
        raise ValidationError(_("Enter at least one visible character."), "blank")
    if len(cleaned) > max_length:
        raise ValidationError(_("Enter at most %(max)d characters."), "too_long", {"max": max_length})
    return cleaned


def _is_forbidden(character: str, *, lines: bool) -> bool:
    if character == "\n" and lines:
        return False
    category = unicodedata.category(character)
    return category in ("Cc", "Cs", "Zl", "Zp") or character in HIDING or ord(character) in TAGS
