"""A person's copy of their data (6.1.2; GDPR art. 15 and 20; PIPL art. 45): everything declared, everything held."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from privacy.consent.queries import consents_of
from privacy.consent.receipts import receipt_of
from privacy.register.declarations import Record, declarations_of
from privacy.register.register import declared_records, personal_fields
from privacy.subjects.models import DataSubject


def copy_of_data(subject: DataSubject) -> dict[str, Any]:
    """Return the copy as JSON-ready data: what each field means, every record held, every consent receipt."""
    return {
        "subject": str(subject.pk),
        "jurisdiction": subject.jurisdiction,
        "made_at": timezone.now().isoformat(),
        "fields": {
            declared.key: {"label": str(declared.label), "why": str(declared.why), "purpose": declared.purpose}
            for declared in personal_fields()
        },
        "held": {
            model._meta.label_lower: [_row(row, record) for row in _rows(model, record, subject.pk)]
            for model, record in declared_records()
            if record.exported
        },
        "consents": [receipt_of(consent) for consent in consents_of(subject.pk)],
    }


def _rows(model: type[models.Model], record: Record, subject: UUID) -> models.QuerySet[models.Model]:
    return model._default_manager.filter(**{record.subject: subject})


def _row(row: models.Model, record: Record) -> dict[str, Any]:
    columns = row._meta.concrete_fields
    shown = [column for column in columns if declarations_of(column) or column.name in record.plain]
    return {column.name: _plain(getattr(row, column.attname)) for column in shown if column.name not in record.declares}


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
