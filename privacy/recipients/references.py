"""The reference by which a recipient knows a person: a pseudonym that only it and the portal share."""

import base64
import hashlib
import hmac
from uuid import UUID

from privacy.encryption.keys import system_key

KEY_NAME = "recipient-references"
BYTES = 20


def reference_for(recipient: UUID, subject: UUID) -> str:
    """Return a recipient's pseudonym of a person: 32 letters and digits, which never change.

    Two recipients cannot link their data by it, and it cannot be traced to a person without the system key.
    """
    digest = hmac.digest(system_key(KEY_NAME), f"{recipient.hex}|{subject.hex}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:BYTES]).decode()
