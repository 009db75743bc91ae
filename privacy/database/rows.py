"""Insert rows and update one by statements that are made once: the ORM makes them anew for each row."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import DeleteQuery

# Up to so many rows of one model are faster by one statement than as a stream.
TOGETHER = 8


def insert_row(row: Model) -> None:
    """Store a new row as `save(force_insert=True)` does, without signals.

    What the database fills in itself (`db_default`) is read back only where somebody asks for it.
    """
    model, database = type(row), router.db_for_write(type(row), instance=row)
    left_out = _filled_in(row)
    fields, sql = _insertion(model, database, left_out)
    values = _values(fields, row, connections[database], add=True)
    with transaction.mark_for_rollback_on_error(using=database), connections[database].cursor() as cursor:
        cursor.execute(sql + _returning(model, database), values)
        row.pk = cursor.fetchone()[0] if isinstance(model._meta.pk, AutoField) else row.pk
    _mark_stored(row, left_out, database)


def insert_rows(rows: Sequence[Model]) -> None:
    """Store new rows of one model, which leave the same columns to the database, all or none; as `insert_row` each.

    PostgreSQL takes them by one statement, many as a stream. Keys that the database makes are not read back.
    """
    if not rows:
        return
    model, database = type(rows[0]), router.db_for_write(type(rows[0]), instance=rows[0])
    left_out, connection = _filled_in(rows[0]), connections[database]
    if connection.vendor == "postgresql" and len(rows) <= TOGETHER:
        _write_at_once(rows, None, database)
        return
    fields, sql = _insertion(model, database, left_out)
    values = [_values(fields, row, connection, add=True) for row in rows]
    with transaction.atomic(using=database, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _stream(cursor, model, fields, values)
        else:
            cursor.executemany(sql, values)
    for row in rows:
        _mark_stored(row, left_out, database)


def write_together(new: Sequence[Model], changed: tuple[Model, Sequence[str]] | None = None) -> None:
    """Store a few new rows, of whichever models, and some columns of a `changed` one: all or nothing.

    PostgreSQL does so by one statement. Keys that the database makes are not read back. All rows stand in one database.
    Raises `DoesNotExist` where the changed row is gone.
    """
    if not new:
        if changed:
            update_row(*changed)
        return
    database = router.db_for_write(type(new[0]), instance=new[0])
    if connections[database].vendor == "postgresql":
        _write_at_once(new, changed, database)
        return
    with transaction.atomic(using=database, savepoint=False):
        for row in new:
            insert_row(row)
        if changed:
            update_row(*changed)


def update_row(row: Model, names: Sequence[str]) -> None:
    """Write some columns of a stored row as `save(update_fields=names)` does, without signals.

    Raises `DoesNotExist` where there is no such row any more.
    """
    model, database = type(row), router.db_for_write(type(row), instance=row)
    fields, sql = _update(model, database, tuple(names))
    values = _values(fields, row, connections[database], add=False)
    with transaction.mark_for_rollback_on_error(using=database), connections[database].cursor() as cursor:
        cursor.execute(sql, [*values, _key(row, connections[database])])
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


def _values(fields: list[Field], row: Model, connection: BaseDatabaseWrapper, *, add: bool) -> list[Any]:
    """Return what the database takes for these columns of a row."""
    if connection.vendor != "postgresql":
        return [field.get_db_prep_save(field.pre_save(row, add), connection) for field in fields]
    held, values = row.__dict__, []
    for field in fields:
        value = held.get(field.attname)
        if type(value) is not _as_it_is(field):
            value = field.get_db_prep_save(field.pre_save(row, add), connection)
        values.append(value)
    return values


@lru_cache(maxsize=512)
def _as_it_is(field: Field) -> type | None:
    """Return the type whose values psycopg takes as they are, where saving neither looks at nor changes them."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    sets_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return None if sets_itself else _TAKEN.get(type(target))


_TAKEN: dict[type[Field], type] = {
    UUIDField: UUID,
    CharField: str,
    TextField: str,
    BigIntegerField: int,
    IntegerField: int,
    BooleanField: bool,
    DateTimeField: datetime,
}


def _write_at_once(new: Sequence[Model], changed: tuple[Model, Sequence[str]] | None, database: str) -> None:
    """Insert and update by one statement, whose parts are `WITH` clauses of the last.

    Foreign keys are looked at when the transaction ends, so that no part waits for another.
    """
    connection = connections[database]
    left_out = [_filled_in(row) for row in new]
    kinds = tuple((type(row), filled_in) for row, filled_in in zip(new, left_out, strict=True))
    statement, columns = _statement(database, kinds, (type(changed[0]), tuple(changed[1])) if changed else None)
    values: list[Any] = []
    for row, fields in zip(new, columns, strict=False):
        values += _values(fields, row, connection, add=True)
    if changed:
        values += [*_values(columns[-1], changed[0], connection, add=False), _key(changed[0], connection)]
    # One statement is all or nothing anyway, save that an update of no row is no error to the database.
    whole: Any = transaction.mark_for_rollback_on_error(using=database)
    if changed:
        whole = transaction.atomic(using=database, savepoint=False)
    with whole, connection.cursor() as cursor:
        cursor.execute(statement, values)
        if changed and not cursor.rowcount:
            raise type(changed[0]).DoesNotExist  # type: ignore[attr-defined]
    for row, filled_in in zip(new, left_out, strict=True):
        _mark_stored(row, filled_in, database)


def _key(row: Model, connection: BaseDatabaseWrapper) -> Any:
    return row._meta.pk.get_db_prep_save(row.pk, connection)


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


@lru_cache(maxsize=128)
def _statement(
    database: str,
    new: tuple[tuple[type[Model], tuple[str, ...]], ...],
    changed: tuple[type[Model], tuple[str, ...]] | None,
) -> tuple[str, list[list[Field]]]:
    """Return one statement that inserts rows of these models and updates one, and the columns of each part."""
    parts = [_insertion(model, database, left_out) for model, left_out in new]
    if changed:
        model, names = changed
        parts.append(_update(model, database, names))
    *before, (_fields, last) = parts
    with_ = ", ".join(f"part{number} AS ({sql})" for number, (_fields, sql) in enumerate(before))
    return f"WITH {with_} {last}" if before else last, [fields for fields, _sql in parts]


def delete_returning(rows: QuerySet, name: str) -> list[Any]:
    """Delete the rows of a query set over one table, without signals; return what each had in this column.

    By one statement where the database can, and else by two.
    """
    connection = connections[rows.db]
    if not connection.features.can_return_rows_from_bulk_insert:
        values = list(rows.values_list(name, flat=True))
        rows._raw_delete(rows.db)  # type: ignore[attr-defined]
        return values
    try:
        sql, params = rows.query.chain(DeleteQuery).get_compiler(connection=connection).as_sql()
    except EmptyResultSet:  # it can be seen without asking that there are none
        return []
    field = rows.model._meta.get_field(name)
    with transaction.mark_for_rollback_on_error(using=rows.db), connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {connection.ops.quote_name(field.column)}", params)
        return [field.to_python(value) for (value,) in cursor.fetchall()]
