"""A copy as a page to read: records under their names, values under their labels and in words."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from privacy.encryption.fields import SealedDateField
from privacy.export.copies import copy_schema
from privacy.export.models import DataCopy
from privacy.notices.rendering import occasion_of
from privacy.register.declarations import Text
from privacy.register.purposes import labels_of_purposes
from privacy.register.register import field_labels
from privacy.register.retention_classes import in_a_row, labels_of

InWords = Callable[[Any], Any]
# What every chain of evidence holds beside its act, and a column that holds one of several declared fields.
TITLES: dict[str, Text] = {
    "position": _("place in the chain"),
    "previous_hash": _("hash of the entry before"),
    "hash": _("hash"),
    "value": _("Phone number or e-mail address"),
}


@dataclass(frozen=True)
class ReadableRecords:
    """All records of one kind: a title, and each record as pairs of label and value."""

    title: str
    records: list[list[tuple[str, Any]]]


def register_words(column: str, words: InWords) -> None:
    """Say a column's values in words wherever a copy is read: a country by its name, not its code."""
    _in_words[column] = words


def readable(copy: DataCopy) -> list[ReadableRecords]:
    """Return what a ready copy holds, kind by kind, without the empty ones; what the person told us comes first."""
    document = json.loads(str(copy.document))
    held = sorted(
        document["held"].items(), key=lambda kind: not any(document["fields"].keys() & row for row in kind[1])
    )
    shapes = copy_schema()["properties"]["held"]["properties"]
    return [
        ReadableRecords(shapes[kind]["title"], [_pairs(kind, row, shapes[kind]["items"]["properties"]) for row in rows])
        for kind, rows in held
        if rows and kind in shapes
    ]


def _pairs(kind: str, record: dict[str, Any], shape: dict[str, Any]) -> list[tuple[str, Any]]:
    given = {name: value for name, value in record.items() if value not in (None, "", [], {})}
    return [
        (str(TITLES.get(name) or shape.get(name, {}).get("title", name)), _said(kind, name, value))
        for name, value in given.items()
    ]


def _said(kind: str, name: str, value: Any) -> Any:
    """Return a value in the reader's words: a choice by its label, a yes or no, a time in the reader's zone."""
    column = _column(kind, name)
    choices = dict(column.flatchoices) if column else {}
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if choices:
        return choices.get(value, value)
    if name in _in_words:
        return _in_words[name](value)
    is_moment = isinstance(column, models.DateField | SealedDateField) if column else name.endswith("_at")
    return _moment(value) if is_moment else value


def _moment(value: str) -> dt.date | str:
    return parse_datetime(value) or parse_date(value) or value


def _column(kind: str, name: str) -> models.Field | None:
    """Return the column of a value; None for what only an extract has."""
    return next((column for column in apps.get_model(kind)._meta.concrete_fields if column.name == name), None)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


_in_words: dict[str, InWords] = {
    "purposes": lambda keys: in_a_row(labels_of_purposes(keys)),
    "classes": labels_of,
    "fields": field_labels,
    "field": lambda key: field_labels([key]),
    "language": _language,
    "template": occasion_of,
    # Words of our own, translated wherever they are shown.
    "role": gettext,
}
