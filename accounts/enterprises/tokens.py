"""The secrets in the links of invitations, stored as keyed hashes."""

import hashlib
import hmac
import secrets

from privacy.encryption.keys import system_key

KEY = "enterprise-invitations"
TOKEN_BYTES = 32


def new_token() -> str:
    """Return a secret of 256 bits, in letters that a link may hold."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def keyed(token: str) -> bytes:
    """Return the keyed hash (HMAC-SHA256) of a secret."""
    return hmac.digest(system_key(KEY), token.encode("utf-8", "surrogatepass"), hashlib.sha256)
