"""The secrets in the links of guardians, stored as keyed hashes."""

import hashlib
import hmac
import secrets

from privacy.encryption.keys import system_key

KEY = "guardians"
TOKEN_BYTES = 32


def new_token() -> str:
    """Return a secret of 256 bits, in letters that a link may hold."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def keyed(token: str) -> bytes:
    """Return the keyed hash (HMAC-SHA256) of a secret."""
    return hmac.digest(system_key(KEY), f"link|{token}".encode("utf-8", "surrogatepass"), hashlib.sha256)
