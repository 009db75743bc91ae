"""How a recipient is told who is meant: by a number that only it and the portal know the person by."""

import base64
import hashlib
import hmac
from uuid import UUID

from privacy.encryption.keys import system_key

KEY_NAME = "recipient-references"
BYTES = 20


def reference_for(recipient: UUID, subject: UUID) -> str:
    """Return what a recipient knows a person by: 32 letters and digits, the same for ever.

    Two recipients cannot join what they hold by it, and no one without the system key can tell whose it is.
    """
    digest = hmac.digest(system_key(KEY_NAME), f"{recipient.hex}|{subject.hex}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:BYTES]).decode()
