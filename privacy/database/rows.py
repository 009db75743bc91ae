"""Insert or update one row by a statement that is made once for a model: the ORM makes it anew for each row."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connections, router, transaction
from django.db.models import AutoField, Field, Model
from django.db.models.expressions import DatabaseDefault


def insert_row(row: Model) -> None:
    """Store a new row as `save(force_insert=True)` does, without signals.

    What the database fills in itself (`db_default`) is read back only where somebody asks for it.
    """
    model, database = type(row), router.db_for_write(type(row), instance=row)
    filled_in = tuple(
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(row.__dict__.get(field.attname), DatabaseDefault) or isinstance(field, AutoField)
    )
    fields, sql = _insertion(model, database, filled_in)
    values = [_prepared(field, row, database, add=True) for field in fields]
    with transaction.mark_for_rollback_on_error(using=database), connections[database].cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0] if isinstance(model._meta.pk, AutoField) else row.pk
    for name in set(filled_in) - {model._meta.pk.attname}:
        del row.__dict__[name]
    row._state.adding, row._state.db = False, database


def update_row(row: Model, names: Sequence[str]) -> None:
    """Write some columns of a stored row as `save(update_fields=names)` does, without signals.

    Raises `DoesNotExist` where there is no such row any more.
    """
    model, database = type(row), router.db_for_write(type(row), instance=row)
    fields, sql = _update(model, database, tuple(names))
    values = [_prepared(field, row, database, add=False) for field in fields]
    key = model._meta.pk.get_db_prep_save(row.pk, connections[database])
    with transaction.mark_for_rollback_on_error(using=database), connections[database].cursor() as cursor:
        cursor.execute(sql, [*values, key])
        if not cursor.rowcount:
            raise model.DoesNotExist  # type: ignore[attr-defined]


def _prepared(field: Field, row: Model, database: str, *, add: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add), connections[database])


@lru_cache(maxsize=128)
def _insertion(model: type[Model], database: str, filled_in: tuple[str, ...]) -> tuple[list[Field], str]:
    fields = [field for field in model._meta.concrete_fields if field.attname not in filled_in]
    quote: Any = connections[database].ops.quote_name
    columns, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    made = f" RETURNING {quote(model._meta.pk.column)}" if isinstance(model._meta.pk, AutoField) else ""
    return fields, f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks}){made}"  # noqa: S608


@lru_cache(maxsize=128)
def _update(model: type[Model], database: str, names: tuple[str, ...]) -> tuple[list[Field], str]:
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    quote: Any = connections[database].ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return fields, f"UPDATE {table} SET {columns} WHERE {key} = %s"  # noqa: S608 - our names
