"""Model fields that seal on save and open on first read, and the blind index that finds them."""

import datetime as dt
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import cached_property

from privacy.encryption.keys import system_key
from privacy.encryption.models import BLIND_INDEX_KEY
from privacy.encryption.sealing import Place, SealedRow, seal_row, unseal, unseal_row
from privacy.inventory.declarations import PersonalField


class SealedBytes(bytes):
    """A ciphertext that a sealed field made; only these may reach the database."""


class _Opened:
    """A ciphertext from the database, with its text once it was read."""

    __slots__ = ("sealed", "text")

    def __init__(self, sealed: SealedBytes, text: str | None = None) -> None:
        self.sealed = sealed
        self.text = text


class _SealedAttribute:
    """Opens a sealed column when it is read, not when the row is loaded."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if not isinstance(value, _Opened):
            return value
        if value.text is None:
            value.text = unseal(value.sealed, self.field.place(instance))
        return self.field.to_value(value.text)

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):
    """Text that the database sees as ciphertext only, bound to its row and to its subject's key.

    The model needs a client-made UUID as its primary key and a `subject_id` (or another attribute named by `owner`).
    `update()` and `bulk_update()` of a sealed field are refused: they do not know the row.
    """

    # For type checkers: the attribute reads and writes the value, not the ciphertext.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *declared: PersonalField, owner: str = "subject_id", retention_class: str = "", **options: Any):
        self.personal = declared
        self.owner = owner
        self.retention_class = retention_class or (declared[0].retention_class if declared else "")
        super().__init__(**options)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Put the opening attribute on the model."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _SealedAttribute(self))

    def place(self, instance: models.Model) -> Place:
        """Return the place of this field's value of an instance."""
        return Place(
            self.model._meta.db_table,
            self.attname,
            instance.pk.hex,
            getattr(instance, self.owner),
            self.retention_class,
        )

    def row(self, instance: models.Model) -> SealedRow:
        """Return the row of an instance's values of this field and its companions."""
        return SealedRow(
            self.model._meta.db_table, instance.pk.hex, getattr(instance, self.owner), self.retention_class
        )

    @cached_property
    def companions(self) -> "tuple[SealedTextField, ...]":
        """The fields of the model that share a key with this one, itself among them."""
        sealed = (field for field in self.model._meta.concrete_fields if isinstance(field, SealedTextField))
        return tuple(f for f in sealed if (f.owner, f.retention_class) == (self.owner, self.retention_class))

    def from_db_value(self, value: Any, *_args: Any) -> _Opened | None:
        """Wrap the ciphertext; it is opened on first read."""
        return None if value is None else _Opened(SealedBytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> SealedBytes | None:
        """Seal a new value; a value that was not touched keeps its ciphertext."""
        value = model_instance.__dict__.get(self.attname)
        if value is None:
            return None
        if not isinstance(value, _Opened):
            # All values of a new row are sealed together.
            self._seal(model_instance, self.companions if add else (self,))
        sealed: SealedBytes = model_instance.__dict__[self.attname].sealed
        return sealed

    def _seal(self, instance: models.Model, fields: "Sequence[SealedTextField]") -> None:
        held = instance.__dict__
        touched = [f for f in fields if not isinstance(held.get(f.attname), _Opened | None)]
        texts = {field.attname: field.to_text(held[field.attname]) for field in touched}
        for name, sealed in seal_row(texts, self.row(instance)).items():
            held[name] = _Opened(SealedBytes(sealed), texts[name])

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Refuse a value that this field did not seal: no clear text reaches the database."""
        if value is not None and not isinstance(value, SealedBytes):
            raise FieldError(f"{self.model._meta.label}.{self.name} is sealed: save it through its instance.")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow `isnull` only: a ciphertext cannot be searched; use the blind index."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.model._meta.label}.{self.name} is sealed: look it up by its blind index.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse Django's serializers: a fixture would contain the clear text."""
        raise FieldError(f"{self.model._meta.label}.{self.name} is sealed and is not serialized.")

    def to_text(self, value: Any) -> str:
        """Return the text to seal."""
        return str(value)

    def to_value(self, text: str) -> Any:
        """Return the Python value of an opened text."""
        return text


def open_row(instance: models.Model) -> None:
    """Open every sealed value of an instance at once; raises what reading each would raise."""
    for companions in _groups(type(instance)):
        held = ((field.attname, instance.__dict__.get(field.attname)) for field in companions)
        shut = {name: value for name, value in held if isinstance(value, _Opened) and value.text is None}
        if shut:
            texts = unseal_row({name: value.sealed for name, value in shut.items()}, companions[0].row(instance))
            for name, text in texts.items():
                shut[name].text = text


@cache
def _groups(model: type[models.Model]) -> tuple[tuple[SealedTextField, ...], ...]:
    sealed = (field for field in model._meta.concrete_fields if isinstance(field, SealedTextField))
    return tuple({field.companions: None for field in sealed})


class SealedDateField(SealedTextField):
    """A calendar date, sealed as ISO 8601 text."""

    def to_text(self, value: dt.date) -> str:
        """Return the date in ISO 8601."""
        return value.isoformat()

    def to_value(self, text: str) -> dt.date:
        return dt.date.fromisoformat(text)


class BlindIndexField(models.BinaryField):
    """A keyed hash (HMAC-SHA256) of a normalised value, to find a sealed one by equality.

    Assigning or looking up text hashes it; `context` keeps equal texts of different kinds apart. Erasure removes it.
    """

    def __init__(self, *, blind_index_of: str = "", context: str = "", **options: Any) -> None:
        self.blind_index_of = blind_index_of
        self.context = context
        options.setdefault("max_length", 32)
        super().__init__(**options)

    def get_prep_value(self, value: Any) -> Any:
        """Turn text into its index; bytes are an index already."""
        return blind_index(value, self.context) if isinstance(value, str) else value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Hash a value that did not pass `get_prep_value`."""
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared)


BlindIndexField.register_lookup(models.lookups.Exact, "iexact")


def blind_index(text: str, context: str) -> bytes:
    """Return the keyed hash of a text: NFKC, case folded, 32 bytes."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return hmac.digest(system_key(BLIND_INDEX_KEY), f"{context}|{folded}".encode(), hashlib.sha256)
