"""Database triggers that refuse rows about an erased person: from a delayed task, an import or a replica.

No scan has to look for late rows: the person's row holds the time of erasure, and the write itself is refused.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# FOR KEY SHARE is the lock that the foreign key takes anyway. It waits for an erasure under way, and then sees it.
# ALWAYS: rows that a replica or an import applies are checked, too.
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {guard}_refuse_late_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE erased timestamptz;
BEGIN
  SELECT erased_at INTO erased FROM privacy_datasubject WHERE id = {subject} FOR KEY SHARE;
  IF erased IS NOT NULL THEN
    RAISE EXCEPTION 'late write: this person was erased' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {guard}_no_late_write BEFORE INSERT OR UPDATE OF {column} ON {table}
  FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION {guard}_refuse_late_write();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}_no_late_write;
"""
_SQLITE = """
CREATE TRIGGER {guard}_no_late_{name} BEFORE {event} ON {table} WHEN NEW.{column} IS NOT NULL AND EXISTS (
  SELECT 1 FROM privacy_datasubject WHERE id = {subject} AND erased_at IS NOT NULL
) BEGIN SELECT RAISE(ABORT, 'late write: this person was erased'); END
"""
_SQLITE_EVENTS = {"write": "INSERT", "update": "UPDATE OF {column}"}


class RefuseLateWrites(Operation):
    """Migration operation: the database refuses rows of a table that lead to an erased person.

    `column` points at the person, or at another row: `through` then lists the tables on the way, each with the column
    that leads on. A table whose rows lead to two persons has an operation for each; the second has a name in `of`, such
    as `"enterprise"`. SQLite loses a trigger whenever it remakes the table, and cannot remake a table that the trigger
    of another one reads: put `AllowLateWrites` before that, and this operation after it.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(
        self, table: str, column: str = "subject_id", through: Sequence[tuple[str, str]] = (), of: str = ""
    ) -> None:
        self.table = table
        self.column = column
        self.through = through
        self.of = of

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: triggers are no models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Create the trigger; replace an existing one."""
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        connection = schema_editor.connection
        if connection.alias != "default":
            return
        names = {"table": self.table, "guard": self._guard, "column": self.column, "subject": self._subject()}
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_POSTGRESQL.format(**names))
                return
            for name, event in _SQLITE_EVENTS.items():
                cursor.execute(_SQLITE.format(name=name, event=event.format(**names), **names))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        connection = schema_editor.connection
        if connection.alias != "default":
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {self._guard}_no_late_write ON {self.table}")
                return
            for name in _SQLITE_EVENTS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {self._guard}_no_late_{name}")

    @property
    def _guard(self) -> str:
        """How the names of the triggers begin."""
        return f"{self.table}_{self.of}" if self.of else self.table

    def _subject(self) -> str:
        """Return SQL for the person to whom the written row leads."""
        subject = f"NEW.{self.column}"
        for table, column in self.through:
            subject = f"(SELECT {column} FROM {table} WHERE id = {subject})"  # noqa: S608 - our names
        return subject

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Refuse late writes to {self._guard}"


class AllowLateWrites(RefuseLateWrites):
    """Migration operation: remove a refusal, so that SQLite can remake a table that its trigger reads.

    It takes the arguments of the `RefuseLateWrites` that follows in the same migration.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        again = RefuseLateWrites(self.table, self.column, self.through, self.of)
        again.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Allow late writes to {self._guard} for a while"
