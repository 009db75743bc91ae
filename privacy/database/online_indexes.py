"""Indexes that are created while people use the portal."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexWhileServing(AddIndexConcurrently):
    """Add an index; on PostgreSQL without a lock against writers. The migration must not be `atomic`."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        operation = _operation(schema_editor)
        operation.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        operation = _operation(schema_editor)
        operation.database_backwards(self, app_label, schema_editor, from_state, to_state)


def _operation(schema_editor: Any) -> Any:
    return AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
