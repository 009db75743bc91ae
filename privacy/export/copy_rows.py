"""Copy rows of records that are sealed as a whole: their package makes them, without secrets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from privacy.operations.collecting import declared

Rows = Callable[[UUID], Iterable[Mapping[str, Any] | models.Model]]


@dataclass(frozen=True)
class CopyRows:
    """The source of a model's rows in a copy: mappings by public name, or the model's own rows."""

    model: type[models.Model]
    rows: Rows


def copy_rows_of(model: type[models.Model]) -> Rows | None:
    """Return what makes the rows of a model, or None if they are copied as they are."""
    return next((each.rows for each in declared(CopyRows) if each.model is model), None)
