"""The JSON Schema of every copy, computed from what the records declare."""

from typing import Any

from django.db import models

from privacy.encryption.fields import SealedDateField
from privacy.export.copies import FORMAT, column_of, copied_records
from privacy.inventory.copy_parts import CopyPart, CopyValue
from privacy.inventory.declarations import declarations_of
from privacy.jurisdictions.site import link_to

Shape = dict[str, Any]
_TEXT: Shape = {"type": ["string", "null"]}
_MOMENT: Shape = {"type": ["string", "null"], "format": "date-time"}
_DAY: Shape = {"type": ["string", "null"], "format": "date"}
_LIST: Shape = {"type": "array", "items": {"type": "string"}}
_OBJECT: Shape = {"type": "object"}
_SHAPES: tuple[tuple[type[models.Field], Shape], ...] = (
    (models.DateTimeField, _MOMENT),
    (models.DateField, _DAY),
    (SealedDateField, _DAY),
    (models.BooleanField, {"type": "boolean"}),
    (models.JSONField, _LIST),
    (models.IntegerField, {"type": ["integer", "null"]}),
)


def copy_schema() -> Shape:
    """Return the schema (2020-12) of the present format, with titles in the reader's language."""
    parts = [(model, part) for model, _record, part in copied_records()]
    records = {part.name: _array(model, part) for model, part in parts}
    described = {"type": "object", "required": ["label", "why", "purpose", "sensitive"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": link_to("copy_schema"),
        "title": "A copy of one person's data",
        "type": "object",
        "properties": {
            "$schema": {"type": "string", "format": "uri"},
            "format": {"const": FORMAT},
            "subject": {"type": "string", "format": "uuid"},
            "jurisdiction": {"type": "string"},
            "language": {"type": "string"},
            "made_at": {"type": "string", "format": "date-time"},
            "records": {"type": "object", "properties": records, "required": list(records)},
            "consent_receipts": {"type": "array", "items": {"type": "object", "required": ["record_id", "event"]}},
            "processing": _PROCESSING,
            "fields": {"type": "object", "additionalProperties": described},
        },
        "required": [
            *("format", "subject", "jurisdiction", "language", "made_at"),
            *("records", "consent_receipts", "processing", "fields"),
        ],
    }


def schema_title(model: type[models.Model], value: CopyValue) -> str:
    """Return the label of a value: as it is declared with it, else that of the personal field in its column."""
    if value.label:
        return str(value.label)
    column = column_of(model, value)
    return str(declarations_of(column)[0].label) if column is not None else value.name


def _array(model: type[models.Model], part: CopyPart) -> Shape:
    values = {value.name: {"title": schema_title(model, value)} | _shape(model, value) for value in part.values}
    return {
        "type": "array",
        "title": str(part.title),
        "description": str(part.section.label),
        "items": {"type": "object", "properties": values, "required": list(values)},
    }


def _shape(model: type[models.Model], value: CopyValue) -> Shape:
    column = column_of(model, value)
    if value.is_time:
        return _MOMENT
    if column is None:
        # Computed values are lists of purposes; other values without a column are text.
        return _LIST if value.words == "purposes" else _TEXT
    if column.choices:
        # The codes of this release; later ones may be added.
        known = [{"const": code, "title": str(label)} for code, label in column.flatchoices]
        return {"anyOf": [*known, {"type": ["string", "integer", "null"]}]}
    if isinstance(column, models.JSONField) and column.default is dict:
        return _OBJECT
    # A column of an unusual type states its own schema.
    own: Shape | None = getattr(column, "copy_shape", None)
    return own or next((shape for kind, shape in _SHAPES if isinstance(column, kind)), _TEXT)


def _list_of(*names: str) -> Shape:
    return {"type": "array", "items": {"type": "object", "required": list(names)}}


_PROCESSING: Shape = {
    "type": "object",
    "title": "How the data is used (GDPR art. 15(1) and (2))",
    "properties": {
        "controller": {"type": "object", "required": ["name", "address", "email"]},
        "law": {"type": "string"},
        "stored_in": {"type": "string", "title": "ISO 3166-1 alpha-2"},
        "purposes": _list_of("purpose", "label", "fields"),
        "recipients": _list_of("name", "data"),
        "periods": _list_of("data", "label", "period"),
        "rights": _list_of("right", "label", "how"),
        "country": {"type": ["string", "null"], "title": "ISO 3166-1 alpha-2, of the person"},
        "authority": {"type": "string"},
        "authority_page": {"type": "string", "title": "Where it takes complaints; empty if unknown"},
        "automated_decisions": {"type": "string"},
    },
}
_PROCESSING["required"] = list(_PROCESSING["properties"])
