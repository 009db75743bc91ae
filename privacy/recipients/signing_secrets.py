"""The secret that a recipient and the portal share: created here, shown once, sealed under a system key."""

import base64
import os
from uuid import UUID

from privacy.encryption.sealing import seal_for_system, unseal_for_system

KEY_NAME = "recipient-secrets"
# Standard Webhooks asks for 24 to 64 bytes.
SECRET_BYTES = 32
PREFIX = "whsec_"


def new_signing_secret() -> str:
    """Return a new secret as Standard Webhooks writes it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def seal_secret(secret: str, recipient: UUID) -> bytes:
    """Return a secret sealed for the database; it opens for this recipient only."""
    return seal_for_system(secret.encode(), KEY_NAME, _associated(recipient))


def open_signing_secret(sealed: bytes, recipient: UUID) -> str:
    """Return a secret to sign with. Raises `CannotOpen`."""
    return unseal_for_system(sealed, KEY_NAME, _associated(recipient)).decode()


def _associated(recipient: UUID) -> str:
    return f"recipient|{recipient.hex}"
