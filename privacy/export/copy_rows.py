"""Rows of records that are sealed whole, as their package makes them for a copy: what a person may see, no secret."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from privacy.operations.collecting import declared

Rows = Callable[[UUID], Iterable[Mapping[str, Any] | models.Model]]


@dataclass(frozen=True)
class CopyRows:
    """Where a copy takes the rows of a model from: mappings by public name, or the model's own rows."""

    model: type[models.Model]
    rows: Rows


def copy_rows_of(model: type[models.Model]) -> Rows | None:
    """Return what makes the rows of a model, or None where they are read as they stand."""
    return next((each.rows for each in declared(CopyRows) if each.model is model), None)
