"""Chained rows: each holds the keyed hash of the one before, so that every change is detected."""

import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from privacy.encryption.keys import system_key
from privacy.inventory.copy_parts import CopyValue

EVIDENCE_KEY = "evidence"
GENESIS = bytes(32)
# What a copy says of every chained record besides its own values: its position in the chain, and its proof.
COPIED_PROOF = (
    CopyValue("position", _("Place in the append-only log"), for_people=False),
    CopyValue("hash", _("Hash of the entry"), for_people=False),
)
NOT_COPIED_PROOF = {"previous_hash": "the hash of the entry before: of another person, most of the time"}
HEAD = ("position", "hash")
# Rows that one statement inserts: PostgreSQL takes 65,535 values at once.
BATCH = 1000


class ChainHead(models.Model):
    """The length and the last hash of a chain: it detects rows that were cut off the end."""

    chain = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=GENESIS)

    class Meta:
        app_label = "privacy"

    def __str__(self) -> str:
        return self.chain


class ChainedRecord(models.Model):
    """A row that is never changed. `append()` puts it at the end of its model's chain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.BigIntegerField(_("place in the chain"), unique=True, editable=False)
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    # Columns that a later version added. They are not hashed while empty, so that older rows keep their hash.
    hashed_unless_empty: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: evidence is appended, never saved."""
        raise TypeError(f"{type(self).__name__} is append-only: use append().")

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"{type(self).__name__} is append-only.")

    @property
    def fingerprint(self) -> str:
        """The start of the hash, for people to compare."""
        return bytes(self.hash).hex()[:16]

    @classmethod
    def append(cls, record: Self) -> Self:
        """Add one record to the end of the chain, as `append_all` does."""
        cls.append_all([record])
        return record

    @classmethod
    def append_all(cls, records: Sequence[Self]) -> Sequence[Self]:
        """Add records to the end of the chain, in one transaction.

        The head's row is locked until that transaction ends. To avoid deadlocks, append last in a transaction, always
        in the order consent, correction, receipt.
        """
        with transaction.atomic(savepoint=False):
            head = _locked_head(cls._meta.label_lower)
            for record in records:
                record.follow(head)
            cls._default_manager.bulk_create(records, batch_size=BATCH)
            head.save(update_fields=HEAD)
        return records

    @classmethod
    def lock_end(cls) -> None:
        """Lock the end of the chain until the transaction ends, before the ends of chains that others lock after it."""
        _locked_head(cls._meta.label_lower)

    def follow(self, head: ChainHead) -> None:
        """Take the position after the head, and advance the head."""
        self.position, self.previous_hash = head.position + 1, bytes(head.hash)
        self.hash = self.compute_hash()
        head.position, head.hash = self.position, self.hash

    def compute_hash(self) -> bytes:
        """Return the keyed hash (HMAC-SHA256) of everything in the row except the hash."""
        content = {name: _plain(getattr(self, name)) for name in _hashed_columns(type(self))}
        content = {name: value for name, value in content.items() if value or name not in self.hashed_unless_empty}
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hmac.digest(system_key(EVIDENCE_KEY), text.encode(), hashlib.sha256)


def _locked_head(chain: str) -> ChainHead:
    heads = ChainHead.objects.select_for_update().filter(chain=chain)
    found = next(iter(heads), None)  # `first` would order one row
    if found is None:  # the first record; a concurrent first record waits at the unique key
        ChainHead.objects.get_or_create(chain=chain)
        return heads.get()
    return found


@cache
def _hashed_columns(model: type[ChainedRecord]) -> tuple[str, ...]:
    return tuple(column.attname for column in model._meta.concrete_fields if column.attname != "hash")


def _plain(value: Any) -> Any:
    present = _PRESENTED.get(type(value))
    return present(value) if present else value


# How JSON holds a value of these types; other values stay as they are.
_PRESENTED: dict[type, Callable[[Any], Any]] = {
    bytes: bytes.hex,
    memoryview: lambda value: value.hex(),
    dt.datetime: dt.datetime.isoformat,
    uuid.UUID: str,
}
