"""Give the rows of a person to another one: sealed values are sealed again, under that person's keys."""

from collections.abc import Iterator
from uuid import UUID

from django.db import models

from privacy.encryption.fields import SealedTextField, open_row
from privacy.inventory.queries import declared_records
from privacy.subjects.models import DataSubject


def hand_over_rows(*, before: UUID, after: UUID) -> dict[str, int]:
    """Give every row that moves with a person (`Record.moves_with_person`) to `after`; return how many, by model.

    Call it in one transaction, with both persons locked and the keys of both usable. Rows that name their person
    through another row follow that row.
    """
    moved = {}
    for model, record in declared_records():
        columns = list(_columns(model)) if record.moves_with_person else []
        count = sum(_hand_over(model, column, before, after) for column in columns)
        if count:
            moved[model._meta.label_lower] = count
    return moved


def _columns(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Yield the columns of a model that point at a person."""
    for column in model._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and column.related_model is DataSubject:
            yield column


def _hand_over(model: type[models.Model], column: models.ForeignKey, before: UUID, after: UUID) -> int:
    rows = model._default_manager.filter(**{column.attname: before})
    sealed = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField) and field.owner == column.attname
    ]
    if not sealed:
        return rows.update(**{column.attname: after})
    found = list(rows)
    for row in found:
        open_row(row)
        values = {field.attname: getattr(row, field.attname) for field in sealed}
        for name, value in {**values, column.attname: after}.items():
            setattr(row, name, value)
        row.save(update_fields=[column.name, *values])
    return len(found)
