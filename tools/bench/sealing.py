"""Sealing and opening ten fields of a row, against AES-256-GCM alone."""

import os
import uuid
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.encryption.keys import create_keys, key_for
from privacy.encryption.sealing import Place, SealedRow, seal_row, unseal_row

FIELDS = {f"field_{n}": f"a value of ordinary length, number {n}" for n in range(10)}


def seal_and_open() -> dict[str, str]:
    """Seal ten values as for a new row, and open all; the key is in memory."""
    owner, _key, _associated = _row()
    row = SealedRow("accounts_profile", owner.hex, owner, "account")
    return unseal_row(seal_row(FIELDS, row), row)


def aes_alone() -> list[bytes]:
    """Encrypt and decrypt the same bytes with a ready key and ready associated data of the same length."""
    _owner, key, associated = _row()
    made = []
    for text in FIELDS.values():
        nonce = os.urandom(12)
        made.append((nonce, key.encrypt(nonce, text.encode(), associated)))
    return [key.decrypt(nonce, data, associated) for nonce, data in made]


@cache
def _row() -> tuple[uuid.UUID, AESGCM, bytes]:
    owner = uuid.uuid4()
    create_keys(owner, ["account"])
    place = Place("accounts_profile", "field_0", owner.hex, owner, "account")
    return owner, key_for(owner, "account"), place.associated()
