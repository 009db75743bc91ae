"""Database triggers that refuse to change or delete evidence, for PostgreSQL and SQLite."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF {when} THEN
    RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""
_POSTGRESQL_DROP = "DROP FUNCTION IF EXISTS {table}_refuse() CASCADE;"
_SQLITE = (
    (
        "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {when} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ),
    (
        "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {when} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ),
)
_SQLITE_DROP = ("DROP TRIGGER IF EXISTS {table}_no_update", "DROP TRIGGER IF EXISTS {table}_no_delete")


class RefuseChanges(Operation):
    """Migration operation: the database refuses UPDATE and DELETE of a table's rows.

    `when` is an SQL condition on OLD that narrows this, such as `OLD.published_at IS NOT NULL`; it may read other
    tables.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, when: str = "TRUE") -> None:
        self.table = table
        self.when = when

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: triggers are no models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Create the triggers; replace existing ones: SQLite loses them whenever it remakes a table."""
        if schema_editor.connection.alias == "default":
            drop_triggers(schema_editor.connection, self.table)
            create_triggers(schema_editor.connection, self.table, self.when)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.alias == "default":
            drop_triggers(schema_editor.connection, self.table)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Refuse changes of {self.table} where {self.when}"


def create_triggers(connection: Any, table: str, when: str) -> None:
    """Make the database refuse changes of a table."""
    _run(connection, [_POSTGRESQL], _SQLITE, table=table, when=when)


def drop_triggers(connection: Any, table: str) -> None:
    """Remove the refusal; only backward migrations and the clean-up of tests do this."""
    _run(connection, [_POSTGRESQL_DROP], _SQLITE_DROP, table=table)


def _run(connection: Any, postgresql: Any, sqlite: Any, **values: str) -> None:
    with connection.cursor() as cursor:
        for statement in postgresql if connection.vendor == "postgresql" else sqlite:
            cursor.execute(statement.format(**values))
