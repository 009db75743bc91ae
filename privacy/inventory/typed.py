"""Text as people type and paste it: invisible characters around it are dropped; digits of any script are digits."""

import re
import unicodedata

# Of the codes that messages bring.
DIGITS = 6
# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties, 15.0): invisible, whatever their category.
_IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
# Visible as a pattern without dots.
BRAILLE_BLANK = "\u2800"
# The full-width forms of ASCII, which Chinese and Japanese input methods type.
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def is_ignorable(character: str) -> bool:
    """Whether a character is invisible."""
    return any(first <= ord(character) <= last for first, last in _IGNORABLE)


def is_visible(character: str) -> bool:
    """Whether a character is visible on its own."""
    return unicodedata.category(character)[0] in "LNPS" and not is_ignorable(character) and character != BRAILLE_BLANK


def without_margin(text: str) -> str:
    """Return a text without the white space and the invisible characters around it, which pasting adds.

    A variation selector at the end belongs to the character before it, and is kept.
    """
    if text.isascii():  # which has no invisible characters but white space
        return text.strip()
    seen = [
        place
        for place, character in enumerate(text)
        if not (character.isspace() or (is_ignorable(character) and not _selects_a_variation(character)))
    ]
    return text[seen[0] : seen[-1] + 1] if seen else ""


def _selects_a_variation(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


def half_width(text: str) -> str:
    """Return a text with the full-width forms of ASCII as ASCII."""
    return text.translate(_HALF_WIDTH)


def ascii_digits(text: str) -> str:
    """Return a text with the decimal digits of every script as ASCII (Unicode's category Nd)."""
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)


def code_in(text: str, digits: int) -> str | None:
    """Return the code in a text: its digits, or the only digits of that length in a whole message; else None."""
    typed = ascii_digits(text)
    alone = "".join(character for character in typed if character.isalnum())
    if len(alone) == digits and alone.isascii() and alone.isdigit():
        return alone
    found = set(re.findall(rf"(?<!\d)\d{{{digits}}}(?!\d)", typed, re.ASCII))
    return found.pop() if len(found) == 1 else None
