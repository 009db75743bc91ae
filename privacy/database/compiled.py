"""Queries of nearly every request: the ORM makes their SQL once, which takes longer than the database's answer."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)
Value = UUID | str | bytes | dt.datetime


@dataclass(frozen=True)
class _Compiled:
    """The SQL of one query, which of its parameters are values (by their places in `build`), and how rows are read."""

    database: str
    sql: str
    params: tuple[Any, ...]
    places: dict[int, int]
    reader: "_Reader | None"

    def fetched(self, values: Sequence[Value]) -> list[tuple[Any, ...]]:
        """Return what the database answers for these values."""
        connection, params = connections[self.database], list(self.params)
        for index, place in self.places.items():
            params[index] = _adapted(values[place], connection)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@dataclass(frozen=True)
class _Reader:
    """What makes instances of a row: what Django's own `ModelIterable` finds out for each query anew."""

    database: str
    model: type[Model]
    names: list[str]
    columns: slice
    converters: dict[int, Any]
    populators: list[Any]
    annotations: dict[str, int]

    def instances(self, rows: list[tuple[Any, ...]]) -> Iterator[Any]:
        """Yield the model's instances of some rows."""
        connection = connections[self.database]
        for found in rows:
            row = list(found)
            for index, (converters, expression) in self.converters.items():
                for convert in converters:
                    row[index] = convert(row[index], expression, connection)
            instance = self.model.from_db(self.database, self.names, row[self.columns])
            for populator in self.populators:
                populator.populate(row, instance)
            for name, index in self.annotations.items():
                setattr(instance, name, row[index])
            yield instance


class CompiledQuery(Generic[Row]):
    """A query whose SQL never changes, only its values do; rows come as the ORM itself makes them.

    `build` returns the query set for values of the given types. It only filters by each, as it is: it is called once,
    with values that stand for all others.
    """

    def __init__(self, build: Callable[..., QuerySet[Row, Any]], *types: type[Value]) -> None:
        self._build = build
        self._types = types
        self._compiled: _Compiled | None = None

    def rows(self, *values: Value) -> list[Row]:
        """Return the rows for these values, which stand in the order of the types."""
        compiled = self._once()
        if compiled.reader is None:
            raise TypeError("This query has no instances: it was built with `values_list`.")
        return list(compiled.reader.instances(compiled.fetched(values)))

    def tuples(self, *values: Value) -> list[tuple[Any, ...]]:
        """Return what a query that was built with `values_list` finds, as the database gives it."""
        return self._once().fetched(values)

    def first(self, *values: Value) -> Row | None:
        """Return the first row, or None; the query limits itself to one."""
        return next(iter(self.rows(*values)), None)

    def _once(self) -> _Compiled:
        compiled = self._compiled = self._compiled or self._compile()
        return compiled

    def _compile(self) -> _Compiled:
        stand_ins = [_STAND_INS[kind]() for kind in self._types]
        rows = self._build(*stand_ins)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        adapted = [_adapted(value, connections[rows.db]) for value in stand_ins]
        params = [getattr(param, "obj", param) for param in params]  # psycopg wraps bytes
        places = {index: adapted.index(param) for index, param in enumerate(params) if param in adapted}
        if set(places.values()) != set(range(len(self._types))):
            raise TypeError("A compiled query filters by each of its values, as it is.")
        return _Compiled(rows.db, sql, tuple(params), places, _reader(compiler, rows.db))


def _reader(compiler: Any, database: str) -> _Reader | None:
    select, klass = compiler.select, compiler.klass_info
    if klass is None:
        return None
    columns = slice(klass["select_fields"][0], klass["select_fields"][-1] + 1)
    return _Reader(
        database=database,
        model=klass["model"],
        names=[column.target.attname for column, *_more in select[columns]],
        columns=columns,
        converters=compiler.get_converters([expression for expression, *_more in select]),
        populators=get_related_populators(klass, select, database),  # type: ignore[call-arg]  # Django 6 has one more
        annotations=compiler.annotation_col_map or {},
    )


_STAND_INS: dict[type[Value], Callable[[], Value]] = {
    UUID: uuid4,
    str: lambda: uuid4().hex,
    bytes: lambda: uuid4().bytes,
    dt.datetime: lambda: dt.datetime(1, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=uuid4().int % 10**9),
}


def _adapted(value: Value, connection: BaseDatabaseWrapper) -> Any:
    """Return a value as this database's columns take it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value
