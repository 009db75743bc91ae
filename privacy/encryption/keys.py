"""Make, open and destroy keys. A destroyed key leaves a dated gravestone, and nothing opens or seals any more."""

import os
from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from asgiref.local import Local
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from privacy.encryption.models import DataKey, HouseKey

NONCE_BYTES = 12
KEY_BYTES = 32
REMEMBERED_OWNERS = 500


class KeyDestroyed(Exception):
    """The key was destroyed by an erasure: what it sealed is unreadable, and a late write is refused (D1.3, 4.2)."""


class KeyMissing(LookupError):
    """No key was ever made for this owner and class."""


class CannotOpen(Exception):
    """A sealed value was moved, swapped or tampered with, or its master key is not configured."""


# The keys opened in this request or task. `forget_keys()` empties it at the end of each.
_opened = Local()
# House keys never change while a process lives.
_house_keys: dict[str, bytes] = {}


def create_keys(owner: UUID, retention_classes: Iterable[str]) -> None:
    """Make and store a key for each class of a new owner. Made before the data: an orphan key harms nobody."""
    master_id, master = _current_master()
    keys = {str(name): AESGCM.generate_key(bit_length=256) for name in retention_classes}
    DataKey.objects.bulk_create(
        DataKey(owner=owner, retention_class=name, master_key=master_id, wrapped=_wrap(master, key, f"{owner}|{name}"))
        for name, key in keys.items()
    )
    _remember(owner, {name: AESGCM(key) for name, key in keys.items()})


def key_for(owner: UUID, retention_class: str) -> AESGCM:
    """Return the opened key of an owner and class.

    Raises `KeyDestroyed` after an erasure and `KeyMissing` where none was made. All classes of an owner are read by
    one query and remembered until `forget_keys()`.
    """
    opened = _remembered().get(owner)
    if opened is None:
        opened = _open_all(owner)
        _remember(owner, opened)
    key = opened.get(retention_class, KeyMissing)
    if isinstance(key, AESGCM):
        return key
    if key is KeyDestroyed:
        raise KeyDestroyed("The key of this data was destroyed by an erasure.")
    raise KeyMissing(f"There is no {retention_class} key for this owner.")


def destroy_keys(owners: Collection[UUID]) -> Counter[UUID]:
    """Destroy every key of these owners and leave dated gravestones; may be called twice.

    Returns how many gravestones each owner has: keys destroyed now or by an earlier, interrupted call.
    """
    rows = DataKey.objects.filter(owner__in=list(owners))
    with transaction.atomic(using="keys"):
        rows.filter(destroyed_at__isnull=True).update(wrapped=None, destroyed_at=Now())
    for owner in owners:
        _remembered().pop(owner, None)
    return Counter(rows.values_list("owner", flat=True))


def house_key(name: str) -> bytes:
    """Return a key of the house (32 bytes), made at its first use."""
    if name not in _house_keys:
        _house_keys[name] = _stored_house_key(name)
    return _house_keys[name]


def forget_keys() -> None:
    """Drop the opened keys of persons from memory; called at the end of every request and task."""
    _opened.keys = {}


def _stored_house_key(name: str) -> bytes:
    master_id, master = _current_master()
    fresh = os.urandom(KEY_BYTES)
    row, made = HouseKey.objects.get_or_create(
        name=name, defaults={"wrapped": _wrap(master, fresh, name), "master_key": master_id}
    )
    return fresh if made else _unwrap(row.master_key, bytes(row.wrapped), name)


def _open_all(owner: UUID) -> dict[str, object]:
    rows = DataKey.objects.filter(owner=owner).values_list("retention_class", "master_key", "wrapped")
    return {
        name: KeyDestroyed if wrapped is None else AESGCM(_unwrap(master_id, bytes(wrapped), f"{owner}|{name}"))
        for name, master_id, wrapped in rows
    }


def _remembered() -> dict[UUID, dict[str, object]]:
    opened: dict[UUID, dict[str, object]] | None = getattr(_opened, "keys", None)
    if opened is None:
        opened = _opened.keys = {}
    return opened


def _remember(owner: UUID, keys: dict[str, object]) -> None:
    opened = _remembered()
    if len(opened) >= REMEMBERED_OWNERS:
        opened.clear()
    opened[owner] = keys


def _current_master() -> tuple[str, bytes]:
    master_id, key = next(iter(settings.MASTER_KEYS.items()))
    return master_id, key


def _wrap(master: bytes, key: bytes, associated: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, associated.encode())


def _unwrap(master_id: str, wrapped: bytes, associated: str) -> bytes:
    master = settings.MASTER_KEYS.get(master_id)
    if master is None:
        raise CannotOpen(f"Master key {master_id!r} is not in MASTER_KEYS.")
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], associated.encode())
    except InvalidTag:
        raise CannotOpen("A wrapped key does not open: it was moved or tampered with.") from None
