"""Queries of every signed-in request whose SQL is made once: making it takes longer than PostgreSQL's answer.

Each is an ordinary query set, with the same result (`tests/privacy/test_compiled.py`).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

Row = TypeVar("Row", bound=Model)
Value = UUID | str | dt.datetime
# One value of each type, to find in the parameters of the SQL.
_EXAMPLES: dict[type[Value], Value] = {
    UUID: UUID(int=1),
    str: "an example",
    dt.datetime: dt.datetime(1, 1, 1, tzinfo=dt.UTC),
}


class CompiledQuery(Generic[Row]):
    """A query set whose SQL never changes; only its values do.

    `build` takes one value of each of the `types` and returns the query set, which only filters by the values as they
    are. `annotations` are those that it makes. On SQLite the ORM makes the SQL every time.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Row]], *types: type[Value], annotations: tuple[str, ...] = ()
    ) -> None:
        self.build = build
        self._types = types
        self._annotations = annotations

    def rows(self, *values: Value) -> list[Row]:
        """Return the rows for these values, given in the order of the types."""
        compiled = self._compiled
        if compiled is None:
            return list(self.build(*values))
        given = dict(zip(self._types, values, strict=True))
        params = [given[param] if isinstance(param, type) else param for param in compiled.params]
        connection = connections[compiled.database]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            return [compiled.instance(list(row), connection) for row in cursor.fetchall()]

    def first(self, *values: Value) -> Row | None:
        """Return the first row, or None; the query limits itself to one."""
        return next(iter(self.rows(*values)), None)

    @cached_property
    def _compiled(self) -> "_Compiled[Row] | None":
        rows = self.build(*[_EXAMPLES[kind] for kind in self._types])
        if connections[rows.db].vendor != "postgresql":
            return None
        fields = rows.model._meta.concrete_fields
        names = [field.attname for field in fields]
        sql, params = rows.values_list(*names, *self._annotations).query.sql_with_params()
        types = {_EXAMPLES[kind]: kind for kind in self._types}
        return _Compiled(
            database=rows.db,
            sql=sql,
            params=[types.get(param, param) for param in params],
            model=rows.model,
            names=names,
            annotations=self._annotations,
            readers=[
                (place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")
            ],
        )


@dataclass(frozen=True)
class _Compiled(Generic[Row]):
    """The SQL of a query on PostgreSQL, its parameters (a type stands for a value of it), and how a row is read."""

    database: str
    sql: str
    params: list[Any]
    model: type[Row]
    names: list[str]
    annotations: tuple[str, ...]
    readers: list[tuple[int, Callable[..., Any]]]

    def instance(self, row: list[Any], connection: BaseDatabaseWrapper) -> Row:
        """Return the instance of a row: the columns of the model, then the annotations."""
        for place, read in self.readers:
            row[place] = read(row[place], None, connection)
        instance = self.model.from_db(self.database, self.names, row[: len(self.names)])
        for name, value in zip(self.annotations, row[len(self.names) :], strict=True):
            setattr(instance, name, value)
        return instance
