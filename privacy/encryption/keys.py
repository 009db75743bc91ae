"""Make, open and destroy keys. A destroyed key leaves a dated tombstone; nothing is opened or sealed with it."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from asgiref.local import Local
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models.functions import Now

from privacy.database.compiled import CompiledQuery
from privacy.encryption.fingerprint import refuse_another_keys_database
from privacy.encryption.master_keys import master_keys
from privacy.encryption.models import DataKey, SystemKey
from privacy.encryption.sqlite_log import cut_log_on_commit

KEY_BYTES = 32
REMEMBERED_OWNERS = 4000


class KeyDestroyed(Exception):
    """An erasure destroyed the key: what it sealed is unreadable, and a late write is refused."""


class KeyMissing(LookupError):
    """No key was made for this owner and class."""


# The keys opened in this request or task. `forget_keys()` empties it at the end of each.
_opened = Local()
# System keys never change during a process.
_system_keys: dict[str, bytes] = {}


def create_keys(owner: UUID, retention_classes: Iterable[str]) -> None:
    """Make and store a key for each class of a new owner. Keys are made before the data: an unused key is harmless."""
    create_keys_of([owner], retention_classes)


def create_keys_of(owners: Iterable[UUID], retention_classes: Iterable[str]) -> None:
    """Make and store a key for each class of each of some new owners, by one statement."""
    classes = list(retention_classes)
    create_keys_for(dict.fromkeys(owners, classes))


def create_keys_for(classes_of: Mapping[UUID, Iterable[str]]) -> None:
    """Make and store the keys of some new owners, each of its own classes, by one statement."""
    masters, rows = master_keys(), []
    master_id = masters.current()
    for owner, classes in classes_of.items():
        keys = {str(name): AESGCM.generate_key(bit_length=256) for name in classes}
        rows += [
            DataKey(
                owner=owner,
                retention_class=name,
                master_key=master_id,
                wrapped=masters.wrap(key, associated(owner, name)),
            )
            for name, key in keys.items()
        ]
        _remember(owner, {name: AESGCM(key) for name, key in keys.items()})
    DataKey.objects.bulk_create(rows)


def open_keys(owners: Iterable[UUID]) -> None:
    """Open and remember the keys of several owners by one query, before their values are read one by one."""
    wanted = [owner for owner in owners if owner not in _remembered()]
    rows = DataKey.objects.filter(owner__in=wanted).values_list("owner", "retention_class", "master_key", "wrapped")
    opened: dict[UUID, dict[str, object]] = {owner: {} for owner in wanted}
    for owner, name, master_id, wrapped in rows:
        opened[owner][name] = _opened_key(owner, name, master_id, wrapped)
    for owner, keys in opened.items():
        _remember(owner, keys)


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


def destroy_keys(owners: Collection[UUID], *, keep: Mapping[UUID, Collection[str]] | None = None) -> Counter[UUID]:
    """Destroy the keys of these owners and leave dated tombstones; may be called twice.

    `keep` names the classes whose keys a legal hold keeps. Returns how many tombstones each owner has: keys
    destroyed now or by an earlier, interrupted call.
    """
    rows = DataKey.objects.filter(owner__in=list(owners))
    for owner, classes in (keep or {}).items():
        rows = rows.exclude(owner=owner, retention_class__in=list(classes))
    with transaction.atomic(using="keys"):
        rows.filter(destroyed_at__isnull=True).update(wrapped=None, destroyed_at=Now())
        cut_log_on_commit()
    for owner in owners:
        _remembered().pop(owner, None)
    return Counter(rows.values_list("owner", flat=True))


def destroy_classes(owners: Collection[UUID], retention_classes: Iterable[str]) -> int:
    """Destroy the keys of these classes of these owners; return how many still existed."""
    usable = DataKey.objects.filter(
        owner__in=list(owners), retention_class__in=list(retention_classes), destroyed_at__isnull=True
    )
    with transaction.atomic(using="keys"):
        destroyed = usable.update(wrapped=None, destroyed_at=Now())
        cut_log_on_commit()
    for owner in owners:
        _remembered().pop(owner, None)
    return destroyed


def usable_keys(retention_class: str, *, older_than: dt.timedelta, beyond: UUID, most: int) -> list[UUID]:
    """Return at most `most` owners of usable keys of a class, older than `older_than`, in order, after `beyond`."""
    usable = DataKey.objects.filter(retention_class=retention_class, destroyed_at__isnull=True, owner__gt=beyond)
    old = usable.filter(created_at__lt=Now() - older_than).order_by("owner")
    return list(old.values_list("owner", flat=True)[:most])


def system_key(name: str) -> bytes:
    """Return a system key (32 bytes), made at its first use.

    Raises `WrongKeysDatabase` instead of making one where the data belong to another keys database.
    """
    if name not in _system_keys:
        _system_keys[name] = _stored_system_key(name)
    return _system_keys[name]


def forget_keys() -> None:
    """Drop the opened keys of persons from memory; called at the end of every request and task."""
    _opened.keys = {}


def associated(owner: UUID, retention_class: str) -> str:
    """Return what binds a wrapped key to its owner and class."""
    return f"{owner}|{retention_class}"


def _stored_system_key(name: str) -> bytes:
    masters = master_keys()
    row = SystemKey.objects.filter(pk=name).first()
    if row is None:
        refuse_another_keys_database()
        fresh = os.urandom(KEY_BYTES)
        defaults = {"wrapped": masters.wrap(fresh, name), "master_key": masters.current()}
        # Two processes may make it at once: one row is kept.
        row, _made = SystemKey.objects.get_or_create(name=name, defaults=defaults)
    return masters.unwrap(row.master_key, bytes(row.wrapped), name)


def _open_all(owner: UUID) -> dict[str, object]:
    rows = KEYS_OF.rows(owner)
    return {row.retention_class: _opened_key(owner, row.retention_class, row.master_key, row.wrapped) for row in rows}


KEYS_OF = CompiledQuery(lambda owner: DataKey.objects.filter(owner=owner), UUID)


def _opened_key(owner: UUID, name: str, master_id: str, wrapped: bytes | memoryview | None) -> object:
    if wrapped is None:
        return KeyDestroyed
    return AESGCM(master_keys().unwrap(master_id, bytes(wrapped), associated(owner, name)))


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
