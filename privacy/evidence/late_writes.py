"""Database triggers that refuse a row which names an erased person: a delayed task, an import, a replica (4.2).

No scan looks for late rows: the moment of the erasure stands on the person's own row, and the write itself is refused.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# FOR KEY SHARE is the lock that the foreign key takes anyway. It waits for an erasure under way, and then sees it.
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION privacy_refuse_late_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE erased timestamptz;
BEGIN
  SELECT erased_at INTO erased FROM privacy_datasubject WHERE id = NEW.subject_id FOR KEY SHARE;
  IF erased IS NOT NULL THEN
    RAISE EXCEPTION 'late write: this person was erased' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_late_write BEFORE INSERT OR UPDATE OF subject_id ON {table}
  FOR EACH ROW WHEN (NEW.subject_id IS NOT NULL) EXECUTE FUNCTION privacy_refuse_late_write();
"""
_SQLITE = """
CREATE TRIGGER {table}_no_late_write BEFORE INSERT ON {table} WHEN NEW.subject_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM privacy_datasubject WHERE id = NEW.subject_id AND erased_at IS NOT NULL
) BEGIN SELECT RAISE(ABORT, 'late write: this person was erased'); END
"""


class RefuseLateWrites(Operation):
    """Migration operation: from now on the database refuses rows of a table whose `subject_id` was erased."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: triggers are no models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Create the trigger."""
        if schema_editor.connection.alias != "default":
            return
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(_POSTGRESQL_FUNCTION)
                cursor.execute(_POSTGRESQL.format(table=self.table))
            else:
                cursor.execute(_SQLITE.format(table=self.table))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Drop the trigger."""
        if schema_editor.connection.alias != "default":
            return
        on = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER IF EXISTS {self.table}_no_late_write{on}")

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Refuse late writes to {self.table}"
