"""The secret of a session, which only its browser or app has, and the keyed hash that finds its row."""

import hashlib
import hmac

from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

from accounts.sessions.models import Session
from privacy.encryption.keys import system_key

# Not the key "sessions", which seals payloads: a key has one use (NIST SP 800-57).
SYSTEM_KEY = "session-keys"
# Marks a token for people and for scanners of leaked secrets.
TOKEN_PREFIX = "ppt_"  # noqa: S105 - how every token begins
RANDOM_CHARACTERS = 32


def new_session_secret(kind: Session.Kind) -> str:
    """Return a fresh secret of 165 random bits, of a cookie or of an app's token."""
    prefix = TOKEN_PREFIX if kind == Session.Kind.TOKEN else ""
    return prefix + get_random_string(RANDOM_CHARACTERS, VALID_KEY_CHARS)


def session_key_of(secret: str, kind: Session.Kind) -> str:
    """Return the primary key of a session's row: a keyed hash (HMAC-SHA256), as 64 hexadecimal digits.

    The hash includes the kind, so that a cookie never works as a token, nor a token as a cookie.
    """
    return hmac.digest(system_key(SYSTEM_KEY), f"{kind}|{secret}".encode(), hashlib.sha256).hex()
