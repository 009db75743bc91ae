"""The secret in a person's link to their request, and the codes that prove who asks: stored as keyed hashes."""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from privacy.encryption.keys import system_key
from privacy.inventory.typed import DIGITS

KEY = "requests"
TOKEN_BYTES = 32


def link_token(request_id: UUID) -> str:
    """Return the secret of the link to a request. Every message can have it: it is computed, and stored nowhere."""
    return base64.urlsafe_b64encode(keyed(str(request_id), "link")).rstrip(b"=").decode()


def new_token() -> str:
    """Return a secret of 256 bits, in letters that a link may hold."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """Return a code of digits, such as `047281`."""
    return "".join(secrets.choice("0123456789") for _n in range(DIGITS))


def keyed(text: str, what: str) -> bytes:
    """Return the keyed hash (HMAC-SHA256) of a secret; `what` keeps secrets of different kinds apart."""
    return hmac.digest(system_key(KEY), f"{what}|{text}".encode(), hashlib.sha256)
