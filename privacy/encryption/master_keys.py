"""Master keys wrap every other key. The configured ones are here; a key service can replace them.

`settings.MASTER_KEY_PROVIDER` names a class with the methods of `MasterKeys`.
"""

import os
from functools import cache, lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed value was moved, swapped or changed, or its master key is not configured."""


class MasterKeys(Protocol):
    """Wraps and unwraps keys; `associated` binds a wrapped key to its owner and class."""

    def current(self) -> str:
        """Return the id of the master key that wraps new keys."""

    def wrap(self, key: bytes, associated: str) -> bytes:
        """Return a key wrapped under the current master key."""

    def unwrap(self, master_id: str, wrapped: bytes, associated: str) -> bytes:
        """Return a key. Raises `CannotOpen`."""


class ConfiguredMasterKeys:
    """The keys of `MASTER_KEYS`, from the environment or a file; AES-256-GCM, the first one wraps new keys."""

    def current(self) -> str:
        """Return the id of the first key."""
        return next(iter(settings.MASTER_KEYS))

    def wrap(self, key: bytes, associated: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + _cipher(settings.MASTER_KEYS[self.current()]).encrypt(nonce, key, associated.encode())

    def unwrap(self, master_id: str, wrapped: bytes, associated: str) -> bytes:
        """Return the key. Raises `CannotOpen`."""
        master = settings.MASTER_KEYS.get(master_id)
        if master is None:
            raise CannotOpen(f"Master key {master_id!r} is not in MASTER_KEYS.")
        try:
            return _cipher(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], associated.encode())
        except InvalidTag:
            raise CannotOpen("A wrapped key does not open: it was moved or tampered with.") from None


@cache
def master_keys() -> MasterKeys:
    """Return the configured provider. Raises `ImproperlyConfigured` if it cannot be imported."""
    try:
        provider: MasterKeys = import_string(settings.MASTER_KEY_PROVIDER)()
    except ImportError as error:
        raise ImproperlyConfigured(f"MASTER_KEY_PROVIDER must be the dotted name of a class: {error}.") from None
    return provider


@lru_cache(maxsize=8)
def _cipher(master: bytes) -> AESGCM:
    return AESGCM(master)


def _forget_provider(setting: str, **_more: object) -> None:
    if setting == "MASTER_KEY_PROVIDER":
        master_keys.cache_clear()


setting_changed.connect(_forget_provider)
