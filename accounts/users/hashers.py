"""Argon2id at OWASP's figures, 19 MiB, 2 passes, 1 lane, of a normalised password."""

import unicodedata

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


def prepared(password: str) -> str:
    """Return a password as RFC 8265 prepares it (OpaqueString, 4.2.2): in NFC, every blank as U+0020."""
    blanks = "".join(" " if unicodedata.category(character) == "Zs" else character for character in password)
    return unicodedata.normalize("NFC", blanks)


class OwaspArgon2Hasher(Argon2PasswordHasher):
    """Django's default takes 100 MiB and 8 lanes per sign-in; OWASP's cheat sheet asks for this much.

    `PASSWORD_COST=low` serves load generators and tests, and is refused in production.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
    if settings.PASSWORD_COST == "low":  # noqa: S105 - a cost, not a password
        time_cost, memory_cost = 1, 8

    def encode(self, password: str, salt: str) -> str:
        """Return the hash of a normalised password."""
        return super().encode(prepared(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether a hash is of this password, normalised or, for old hashes, as typed."""
        return super().verify(prepared(password), encoded) or (
            prepared(password) != password and super().verify(password, encoded)
        )
