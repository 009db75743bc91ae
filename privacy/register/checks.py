"""System checks: a person's record must declare every column it has (preamble, 2.1)."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import models

from privacy.register.declarations import Record, declarations_of, record_of
from privacy.register.register import person_models


@register()
def every_column_is_declared(**_options: Any) -> list[CheckMessage]:
    """E001: an undeclared column of a person's record; E002: a person's model that declares no record."""
    problems: list[CheckMessage] = []
    for model in person_models():
        record = record_of(model)
        if record is None:
            problems.append(
                Error(
                    f"{model._meta.label} leads to a DataSubject and declares no record.",
                    hint="Give it `register = Record(...)`, or call declare_foreign_record() for a library's model.",
                    obj=model,
                    id="privacy.E002",
                )
            )
            continue
        problems += [
            Error(
                f"{model._meta.label}.{column.name} is a column of a person's record and declares nothing.",
                hint="Seal it with a PersonalField, or list it in Record(plain=...) with the reason.",
                obj=model,
                id="privacy.E001",
            )
            for column in model._meta.concrete_fields
            if not _is_accounted_for(column, record)
        ]
    return problems


def _is_accounted_for(column: models.Field, record: Record) -> bool:
    return (
        column.primary_key
        or isinstance(column, models.ForeignKey)
        or column.name in record.plain
        or bool(declarations_of(column))
        or bool(getattr(column, "blind_index_of", None))
    )
