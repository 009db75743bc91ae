"""Seal and open one value: AES-256-GCM, bound to the place it stands in by associated data."""

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.encryption.keys import NONCE_BYTES, CannotOpen, house_key, key_for

FORMAT = b"\x01"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands. A value moved to another table, column, row, subject or class never opens."""

    table: str
    column: str
    row: str
    owner: UUID
    retention_class: str

    def associated(self) -> bytes:
        """Return the associated data of AES-GCM; the leading version is that of the key scheme."""
        return f"1|{self.table}|{self.column}|{self.row}|{self.owner.hex}|{self.retention_class}".encode()


def seal(text: str, place: Place) -> bytes:
    """Return the ciphertext of a text under its owner's key. Raises `KeyDestroyed`, `KeyMissing`."""
    return _encrypt(key_for(place.owner, place.retention_class), text.encode(), place.associated())


def unseal(sealed: bytes, place: Place) -> str:
    """Return the text of a ciphertext. Raises `CannotOpen`, `KeyDestroyed`, `KeyMissing`."""
    return _decrypt(key_for(place.owner, place.retention_class), sealed, place.associated()).decode()


def seal_for_house(data: bytes, key_name: str, associated: str) -> bytes:
    """Return the ciphertext of bytes under a key of the house, such as a session's payload."""
    return _encrypt(AESGCM(house_key(key_name)), data, associated.encode())


def unseal_for_house(sealed: bytes, key_name: str, associated: str) -> bytes:
    """Return the bytes of a ciphertext under a key of the house. Raises `CannotOpen`."""
    return _decrypt(AESGCM(house_key(key_name)), sealed, associated.encode())


def _encrypt(key: AESGCM, data: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + key.encrypt(nonce, data, associated)


def _decrypt(key: AESGCM, sealed: bytes, associated: bytes) -> bytes:
    if sealed[:1] != FORMAT:
        raise CannotOpen("This is not a sealed value of a known format.")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return key.decrypt(nonce, body, associated)
    except InvalidTag:
        raise CannotOpen("A sealed value does not open: it was moved, swapped or tampered with.") from None
