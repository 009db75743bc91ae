"""System checks: each record of a person says what a copy holds of it, in words, or why nothing (GDPR art. 15)."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import models

from privacy.encryption.fields import SealedTextField
from privacy.export.copies import column_of
from privacy.export.copy_rows import copy_rows_of
from privacy.inventory.copy_parts import CopyPart, CopyValue, NotCopied
from privacy.inventory.declarations import Record, declarations_of, record_of
from privacy.inventory.queries import person_models
from privacy.inventory.value_labels import has_value_label

_PUBLIC_NAME = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")


@register()
def every_record_is_in_the_copy(**_options: Any) -> list[CheckMessage]:
    """E006: a record without section and public name; E007: a column that is neither copied nor left out for a reason.

    E008: a public name that is malformed or used twice; E009: a value without a label, or with an unregistered name of
    words, or rows sorted by a name that no value has; E010: a part with `custom_rows` for which no package declares
    `CopyRows`.
    """
    records = [(model, record) for model in person_models() if (record := record_of(model))]
    names = Counter(record.copy.name for _model, record in records if isinstance(record.copy, CopyPart))
    problems = [problem for model, record in records for problem in _problems_of(model, record)]
    return problems + [_error("E008", f"Several records are called {name!r}.") for name, n in names.items() if n > 1]


def _problems_of(model: type[models.Model], record: Record) -> Iterator[CheckMessage]:
    label = model._meta.label
    if isinstance(record.copy, NotCopied):
        return
    if record.copy is None:
        yield _error("E006", f"{label} does not say what a copy holds of it, or why nothing.", model)
        return
    part = record.copy
    names = [part.name, *(value.name for value in part.values)]
    yield from (_error("E008", f"{label}: {name!r} is no public name.", model) for name in names if not _is_one(name))
    if len(set(names[1:])) < len(names[1:]):
        yield _error("E008", f"{label} has two values of one public name.", model)
    yield from (_error("E009", f"{label}: {value.name} has no words.", model) for value in _wordless(model, part))
    if part.newest and part.newest not in names[1:]:
        yield _error("E009", f"{label}: rows are sorted by {part.newest!r}, which is no public name of a value.", model)
    if part.custom_rows:
        if copy_rows_of(model) is None:
            yield _error("E010", f"{label} has custom rows, and no package declares CopyRows for it.", model)
        return
    yield from (_error("E007", f"{label}: {name}", model) for name in _unaccounted(model, record, part))


def _is_one(name: str) -> bool:
    return bool(_PUBLIC_NAME.match(name))


def _wordless(model: type[models.Model], part: CopyPart) -> Iterator[CopyValue]:
    for value in part.values:
        column = column_of(model, value)
        has_label = value.label or (column is not None and len(declarations_of(column)) == 1)
        if not has_label or (value.words and not has_value_label(value.words)):
            yield value


def _unaccounted(model: type[models.Model], record: Record, part: CopyPart) -> Iterator[str]:
    copied = {value.path for value in part.values}
    known = {column.name: column for column in model._meta.concrete_fields}
    for path in copied:
        if path.partition(".")[0] not in known and not hasattr(model, path):
            yield f"{path} is no column"
    for name, column in known.items():
        is_owed = isinstance(column, SealedTextField) and declarations_of(column)
        is_mentioned = is_owed or name in record.plain or name in record.declares
        if is_mentioned and name not in copied and (is_owed or name not in part.left_out):
            yield f"{name} is neither copied nor left out for a reason"
    yield from (f"{name} is both copied and left out" for name in copied & part.left_out.keys())


def _error(number: str, message: str, thing: Any = None) -> CheckMessage:
    return Error(message, hint="See CopyPart in privacy/inventory/copy_parts.py.", obj=thing, id=f"privacy.{number}")
