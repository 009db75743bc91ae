"""The secret of a session, which only its browser or app has, and the keyed hash by which its row is found."""

import hashlib
import hmac

from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

from accounts.sessions.models import Session
from privacy.encryption.keys import system_key

# Apart from the key "sessions", which seals payloads: a key has one use (NIST SP 800-57).
SYSTEM_KEY = "session-keys"
# Tells an app's token from every other secret, for people and for programs that look for leaked ones.
TOKEN_PREFIX = "ppt_"  # noqa: S105 - how every token begins
RANDOM_CHARACTERS = 32


def new_session_secret(kind: Session.Kind) -> str:
    """Return a fresh secret of 165 random bits, of a cookie or of an app's token."""
    prefix = TOKEN_PREFIX if kind == Session.Kind.TOKEN else ""
    return prefix + get_random_string(RANDOM_CHARACTERS, VALID_KEY_CHARS)


def session_key_of(secret: str, kind: Session.Kind) -> str:
    """Return the primary key of a session's row: a keyed hash (HMAC-SHA256), as 64 hexadecimal digits.

    The kind is hashed, too, so that a cookie never works as a token, nor a token as a cookie.
    """
    return hmac.digest(system_key(SYSTEM_KEY), f"{kind}|{secret}".encode(), hashlib.sha256).hex()
