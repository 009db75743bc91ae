"""System checks: a person's record declares each of its columns and its retention class."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import models

from privacy.inventory.data_stores import ModelDataStore, all_data_stores
from privacy.inventory.declarations import Record, declarations_of, record_of
from privacy.inventory.queries import person_models, targets_of
from privacy.inventory.retention_classes import RETENTION


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
                    hint="Give it `inventory = Record(...)`, or declare a ThirdPartyModel for a library's model.",
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


@register()
def every_record_has_a_retention_class(**_options: Any) -> list[CheckMessage]:
    """E003: a record or a data store without a class; E004: one with a period but no column to count it from.

    E005: a record that points at another person's record of a different class: a hold on one would keep a row whose
    target is deleted.
    """
    records = {model: record for model in person_models() if (record := record_of(model))}
    problems: list[CheckMessage] = []
    for model, record in records.items():
        if record.retention is None:
            problems.append(_retention_error("E003", f"{model._meta.label} declares no retention class.", model))
            continue
        if RETENTION[record.retention].period and not record.ages_from:
            problems.append(
                _retention_error("E004", f"{model._meta.label} does not say what its age counts from.", model)
            )
        problems += [
            _retention_error("E005", f"{model._meta.label} points at {target._meta.label} of another class.", model)
            for target in targets_of(model)
            if target in records and records[target].retention != record.retention
        ]
    return problems + [
        _retention_error("E003", f"The data store {store.name or store!r} declares no retention class.", store)
        for store in all_data_stores()
        if store.retention is None and not isinstance(store, ModelDataStore)
    ]


def _retention_error(number: str, message: str, thing: Any) -> CheckMessage:
    return Error(message, hint="See privacy/inventory/retention_classes.py.", obj=thing, id=f"privacy.{number}")


def _is_accounted_for(column: models.Field, record: Record) -> bool:
    return (
        column.primary_key
        or isinstance(column, models.ForeignKey)
        or column.name in record.plain
        or bool(declarations_of(column))
        or bool(getattr(column, "blind_index_of", None))
    )
