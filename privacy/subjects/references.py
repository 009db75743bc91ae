"""References of cancellations and requests: random, without a name, easy to type."""

import secrets
import unicodedata

# Crockford's base 32: no two letters look alike. 20 of them hold 100 bits, which cannot be guessed.
# People type I, L and O for the digits that they look like.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")
REFERENCE_GROUPS, GROUP_LENGTH = 4, 5
LONGEST_TYPED_REFERENCE = 100


def read_reference(text: str) -> str:
    """Return a typed reference as it is stored: a letter that looks like a digit is read as one."""
    typed = unicodedata.normalize("NFKC", text[:LONGEST_TYPED_REFERENCE]).upper().translate(_LOOKALIKES)
    letters = "".join(character for character in typed if character in REFERENCE_ALPHABET)
    return "-".join(letters[start : start + GROUP_LENGTH] for start in range(0, len(letters), GROUP_LENGTH))


def new_reference() -> str:
    """Return a reference that says nothing about the person, such as `7KQ2M-0XW4D-P9TRA-H3VBC`."""
    groups = (
        "".join(secrets.choice(REFERENCE_ALPHABET) for _n in range(GROUP_LENGTH)) for _g in range(REFERENCE_GROUPS)
    )
    return "-".join(groups)
