"""Insert rows or update one by a statement that is made once for a model: the ORM makes it anew for each row."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Field, Model
from django.db.models.expressions import DatabaseDefault


def insert_row(row: Model) -> None:
    """Store a new row as `save(force_insert=True)` does, without signals.

    What the database fills in itself (`db_default`) is read back only where somebody asks for it.
    """
    model, database = type(row), router.db_for_write(type(row), instance=row)
    left_out = _filled_in(row)
    fields, sql = _insertion(model, database, left_out)
    values = [_prepared(field, row, connections[database], add=True) for field in fields]
    with transaction.mark_for_rollback_on_error(using=database), connections[database].cursor() as cursor:
        cursor.execute(sql + _returning(model, database), values)
        row.pk = cursor.fetchone()[0] if isinstance(model._meta.pk, AutoField) else row.pk
    _mark_stored(row, left_out, database)


def insert_rows(rows: Sequence[Model]) -> None:
    """Store new rows of one model, which leave the same columns to the database, all or none; as `insert_row` each.

    PostgreSQL takes them as a stream. Keys that the database makes are not read back.
    """
    if len(rows) <= 1:
        for row in rows:
            insert_row(row)
        return
    model, database = type(rows[0]), router.db_for_write(type(rows[0]), instance=rows[0])
    left_out, connection = _filled_in(rows[0]), connections[database]
    fields, sql = _insertion(model, database, left_out)
    values = [[_prepared(field, row, connection, add=True) for field in fields] for row in rows]
    with transaction.atomic(using=database, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _stream(cursor, model, fields, values)
        else:
            cursor.executemany(sql, values)
    for row in rows:
        _mark_stored(row, left_out, database)


def update_row(row: Model, names: Sequence[str]) -> None:
    """Write some columns of a stored row as `save(update_fields=names)` does, without signals.

    Raises `DoesNotExist` where there is no such row any more.
    """
    model, database = type(row), router.db_for_write(type(row), instance=row)
    fields, sql = _update(model, database, tuple(names))
    values = [_prepared(field, row, connections[database], add=False) for field in fields]
    key = model._meta.pk.get_db_prep_save(row.pk, connections[database])
    with transaction.mark_for_rollback_on_error(using=database), connections[database].cursor() as cursor:
        cursor.execute(sql, [*values, key])
        if not cursor.rowcount:
            raise model.DoesNotExist  # type: ignore[attr-defined]


def _filled_in(row: Model) -> tuple[str, ...]:
    """Return the columns that the database fills in itself."""
    return tuple(
        field.attname
        for field in row._meta.concrete_fields
        if isinstance(row.__dict__.get(field.attname), DatabaseDefault) or isinstance(field, AutoField)
    )


def _mark_stored(row: Model, filled_in: Sequence[str], database: str) -> None:
    for name in filled_in:
        if name != row._meta.pk.attname:
            del row.__dict__[name]
    row._state.adding, row._state.db = False, database


def _prepared(field: Field, row: Model, connection: BaseDatabaseWrapper, *, add: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add), connection)


def _stream(cursor: Any, model: type[Model], fields: list[Field], rows: list[list[Any]]) -> None:
    connection = cursor.db
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)


@lru_cache(maxsize=128)
def _insertion(model: type[Model], database: str, left_out: tuple[str, ...]) -> tuple[list[Field], str]:
    fields = [field for field in model._meta.concrete_fields if field.attname not in left_out]
    quote: Any = connections[database].ops.quote_name
    columns, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    return fields, f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - our names


def _returning(model: type[Model], database: str) -> str:
    if not isinstance(model._meta.pk, AutoField):
        return ""
    return f" RETURNING {connections[database].ops.quote_name(str(model._meta.pk.column))}"


@lru_cache(maxsize=128)
def _update(model: type[Model], database: str, names: tuple[str, ...]) -> tuple[list[Field], str]:
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    quote: Any = connections[database].ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return fields, f"UPDATE {table} SET {columns} WHERE {key} = %s"  # noqa: S608 - our names
