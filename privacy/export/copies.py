"""The contents of a copy (GDPR art. 15 and 20; PIPL art. 45): all declared data, and how it is used."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language

from privacy.consent.queries import acts_of
from privacy.consent.receipts import receipt_context, receipt_of_act
from privacy.export.copy_rows import copy_rows_of
from privacy.export.processing import processing_of
from privacy.guardians.sensitivity import sensitivity_of
from privacy.inventory.copy_parts import CopyPart, CopySection, CopyValue
from privacy.inventory.declarations import Record
from privacy.inventory.queries import declared_records, personal_fields
from privacy.jurisdictions.site import link_to
from privacy.subjects.models import DataSubject

# Increases when a name changes, disappears or gets another meaning. A new name alone does not change it.
FORMAT = 2


def gather(subject: DataSubject, progress: Callable[[int, int], None] = lambda _done, _total: None) -> dict[str, Any]:
    """Return the copy as JSON-ready data: every record by its public name, every consent receipt, how data is used.

    `progress` is called with how many kinds of record are gathered, and of how many.
    """
    parts = copied_records()
    records = {}
    for done, (model, record, part) in enumerate(parts):
        progress(done, len(parts))
        records[part.name] = _copied_rows(model, record, part, subject.pk)
    context, is_sensitive = receipt_context(subject.pk), sensitivity_of(subject.pk)
    return {
        "$schema": link_to("copy_schema"),
        "format": FORMAT,
        "subject": str(subject.pk),
        "jurisdiction": subject.jurisdiction,
        "language": get_language(),
        "made_at": timezone.now().isoformat(),
        "records": records,
        "consent_receipts": [receipt_of_act(consent, context) for consent in acts_of(subject.pk)],
        "processing": processing_of(subject, context),
        "fields": {
            declared.key: {
                "label": str(declared.label),
                "why": str(declared.why),
                "purpose": declared.purpose,
                "sensitive": is_sensitive(declared),
            }
            for declared in personal_fields()
        },
    }


def copied_records() -> list[tuple[type[models.Model], Record, CopyPart]]:
    """Return each model whose rows a copy holds, with its record and what the copy says of it, in order of reading."""
    places = list(CopySection)
    parts = [(model, record, record.copy) for model, record in declared_records() if isinstance(record.copy, CopyPart)]
    return sorted(parts, key=lambda entry: (places.index(entry[2].section), entry[2].position, entry[2].name))


def column_of(model: type[models.Model], value: CopyValue) -> models.Field | None:
    """Return the column that holds a value; None if the row computes it, or its package makes it."""
    column = None
    for name in value.path.split("."):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        column = found if isinstance(found, models.Field) else None
        if column is not None and column.related_model is not None:
            model = column.related_model  # type: ignore[assignment]
    return column


def _copied_rows(model: type[models.Model], record: Record, part: CopyPart, subject: UUID) -> list[dict[str, Any]]:
    """Return the rows of a person under their public names, newest first."""
    rows = (copy_rows_of(model) or (lambda subject: _rows(model, record, part, subject)))(subject)
    copied = [{value.name: _plain(_at(row, value.path)) for value in part.values} for row in rows]
    if not part.newest:
        return copied
    return sorted(copied, key=lambda row: (row[part.newest] is not None, row[part.newest] or 0), reverse=True)


def _rows(model: type[models.Model], record: Record, part: CopyPart, subject: UUID) -> models.QuerySet[models.Model]:
    related = {value.path.partition(".")[0] for value in part.values if "." in value.path}
    rows = model._default_manager.filter(**{record.subject: subject})
    return rows.select_related(*related) if related else rows


def _at(row: Mapping[str, Any] | models.Model, path: str) -> Any:
    return row.get(path) if isinstance(row, Mapping) else reduce(getattr, path.split("."), row)


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
