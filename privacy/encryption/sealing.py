"""Seal and open one value: AES-256-GCM, bound to its place by associated data."""

import os
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.encryption.keys import key_for, system_key
from privacy.encryption.master_keys import NONCE_BYTES, CannotOpen

FORMAT = b"\x01"
_BODY = len(FORMAT) + NONCE_BYTES


class SealedRow(NamedTuple):
    """The sealed values of one row that share a key; `row` is the primary key's text."""

    table: str
    row: str
    owner: UUID
    retention_class: str


class Place(NamedTuple):
    """The place of a sealed value. A value moved to another table, column, row, subject or class never opens."""

    table: str
    column: str
    row: str
    owner: UUID
    retention_class: str

    def associated(self) -> bytes:
        """Return the associated data of AES-GCM; it begins with the version of the key scheme."""
        return f"1|{self.table}|{self.column}|{self.row}|{self.owner.hex}|{self.retention_class}".encode()


def seal(text: str, place: Place) -> bytes:
    """Return the ciphertext of a text under its owner's key. Raises `KeyDestroyed`, `KeyMissing`."""
    return seal_bytes(text.encode(), place)


def unseal(sealed: bytes, place: Place) -> str:
    """Return the text of a ciphertext. Raises `CannotOpen`, `KeyDestroyed`, `KeyMissing`."""
    return unseal_bytes(sealed, place).decode()


def seal_bytes(data: bytes, place: Place) -> bytes:
    """Return the ciphertext of a file's bytes under its owner's key. Raises `KeyDestroyed`, `KeyMissing`."""
    return _encrypt(key_for(place.owner, place.retention_class), os.urandom(NONCE_BYTES), data, place.associated())


def unseal_bytes(sealed: bytes, place: Place) -> bytes:
    """Return the bytes of a file's ciphertext. Raises `CannotOpen`, `KeyDestroyed`, `KeyMissing`."""
    return _decrypt(key_for(place.owner, place.retention_class), sealed, place.associated())


def seal_row(texts: Mapping[str, str], row: SealedRow) -> dict[str, bytes]:
    """Return the ciphertexts of several columns' texts of one row, as `seal` makes each. Raises as it does."""
    key, (before, behind) = key_for(row.owner, row.retention_class), _around_column(row)
    # One call for all: reading random bytes costs as much as encrypting a value.
    nonces = os.urandom(NONCE_BYTES * len(texts))
    return {
        column: _encrypt(
            key,
            nonces[start : start + NONCE_BYTES],
            text.encode(),
            f"{before}{column}{behind}".encode(),
        )
        for start, (column, text) in zip(range(0, len(nonces), NONCE_BYTES), texts.items(), strict=True)
    }


def unseal_row(sealed: Mapping[str, bytes], row: SealedRow) -> dict[str, str]:
    """Return the texts of several columns' ciphertexts of one row, as `unseal` does. Raises as it does."""
    key, (before, behind) = key_for(row.owner, row.retention_class), _around_column(row)
    return {
        column: _decrypt(key, data, f"{before}{column}{behind}".encode()).decode() for column, data in sealed.items()
    }


def seal_for_system(data: bytes, key_name: str, associated: str) -> bytes:
    """Return the ciphertext of bytes under a system key, such as a session's payload."""
    return _encrypt(AESGCM(system_key(key_name)), os.urandom(NONCE_BYTES), data, associated.encode())


def unseal_for_system(sealed: bytes, key_name: str, associated: str) -> bytes:
    """Return the bytes of a ciphertext under a system key. Raises `CannotOpen`."""
    return _decrypt(AESGCM(system_key(key_name)), sealed, associated.encode())


def _around_column(row: SealedRow) -> tuple[str, str]:
    """Return what precedes and follows the column in the associated data of a row's values; see `Place`."""
    return f"1|{row.table}|", f"|{row.row}|{row.owner.hex}|{row.retention_class}"


def _encrypt(key: AESGCM, nonce: bytes, data: bytes, associated: bytes) -> bytes:
    return FORMAT + nonce + key.encrypt(nonce, data, associated)


def _decrypt(key: AESGCM, sealed: bytes, associated: bytes) -> bytes:
    if not sealed.startswith(FORMAT):
        raise CannotOpen("This is not a sealed value of a known format.")
    try:
        return key.decrypt(sealed[len(FORMAT) : _BODY], sealed[_BODY:], associated)
    except InvalidTag:
        raise CannotOpen("A sealed value does not open: it was moved, swapped or tampered with.") from None
