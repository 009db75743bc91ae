"""What a copy holds (6.1.2; GDPR art. 15 and 20; PIPL art. 45): everything declared, everything held."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from privacy.consent.queries import acts_of
from privacy.consent.receipts import receipt_context, receipt_of
from privacy.encryption.fields import SealedTextField
from privacy.export.extracts import all_extracts
from privacy.register.declarations import Record, declarations_of
from privacy.register.register import declared_records, personal_fields
from privacy.subjects.models import DataSubject

SCHEMA_PATH = "/copy.schema.json"


def gather(subject: DataSubject, told: Callable[[int, int], None] = lambda _done, _total: None) -> dict[str, Any]:
    """Return the copy as JSON-ready data: what each field means, every record held, every consent receipt.

    `told` hears how many kinds of record are gathered, of how many.
    """
    records = [(model, record) for model, record in declared_records() if record.exported]
    context = receipt_context(subject.pk)
    held = {}
    extracts = all_extracts()
    total = len(records) + len(extracts)
    for done, (model, record) in enumerate(records):
        told(done, total)
        held[model._meta.label_lower] = [_row(row, record) for row in _rows(model, record, subject.pk)]
    for done, extract in enumerate(extracts, start=len(records)):
        told(done, total)
        held[extract.key] = [{name: _plain(row[name]) for name in extract.columns} for row in extract.rows(subject.pk)]
    return {
        "$schema": SCHEMA_PATH,
        "subject": str(subject.pk),
        "jurisdiction": subject.jurisdiction,
        "made_at": timezone.now().isoformat(),
        "fields": {
            declared.key: {"label": str(declared.label), "why": str(declared.why), "purpose": declared.purpose}
            for declared in personal_fields()
        },
        "held": held,
        "consents": [receipt_of(consent, context) for consent in acts_of(subject.pk)],
    }


def copy_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that every copy follows, computed from the register."""
    records = {
        model._meta.label_lower: {
            "type": "array",
            "title": str(model._meta.verbose_name_plural),
            "items": _shape(model, record),
        }
        for model, record in declared_records()
        if record.exported
    }
    records |= {
        extract.key: {
            "type": "array",
            "title": str(extract.title),
            "items": _object({name: str(title) for name, title in extract.columns.items()}),
        }
        for extract in all_extracts()
    }
    described = {"type": "object", "required": ["label", "why", "purpose"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A copy of one person's data",
        "type": "object",
        "properties": {
            "$schema": {"const": SCHEMA_PATH},
            "subject": {"type": "string", "format": "uuid"},
            "jurisdiction": {"type": "string"},
            "made_at": {"type": "string", "format": "date-time"},
            "fields": {"type": "object", "additionalProperties": described},
            "held": {"type": "object", "properties": records, "required": list(records), "additionalProperties": False},
            "consents": {"type": "array", "items": {"type": "object", "required": ["record_id", "event"]}},
        },
        "required": ["subject", "jurisdiction", "made_at", "fields", "held", "consents"],
        "additionalProperties": False,
    }


def _shape(model: type[models.Model], record: Record) -> dict[str, Any]:
    return _object({column.name: _title(column) for column in _columns(model, record)})


def _object(titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"title": title} for name, title in titles.items()},
        "required": list(titles),
        "additionalProperties": False,
    }


def _title(column: models.Field) -> str:
    declared = declarations_of(column)
    return str(declared[0].label) if len(declared) == 1 else str(column.verbose_name)


def _columns(model: type[models.Model], record: Record) -> list[models.Field]:
    return [
        column
        for column in model._meta.concrete_fields
        if (declarations_of(column) or column.name in record.plain)
        and column.name not in record.declares
        and not _is_sealed_apart(column)
    ]


def _is_sealed_apart(column: models.Field) -> bool:
    """Whether a column repeats values of other records under a key of its own: a message, whose code may still work."""
    return isinstance(column, SealedTextField) and not declarations_of(column)


def _rows(model: type[models.Model], record: Record, subject: UUID) -> models.QuerySet[models.Model]:
    return model._default_manager.filter(**{record.subject: subject})


def _row(row: models.Model, record: Record) -> dict[str, Any]:
    return {column.name: _plain(getattr(row, column.attname)) for column in _columns(type(row), record)}


def _plain(value: Any) -> Any:
    match value:
        case dt.date():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case None | bool() | int() | str() | list() | dict():
            return value
        case _:
            return str(value)
