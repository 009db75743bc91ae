"""Django's PostgreSQL backend with a cheaper health check, which may also be told to connect once (`connects_once`).

Without the cheaper check, each request would ask `SELECT 1` twice. Named as the `ENGINE` of a PostgreSQL database.
"""

import select
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from psycopg.pq import TransactionStatus

from privacy.database.connecting import connecting


class DatabaseWrapper(PostgreSQL):
    """Asks the server only if the socket has data between two transactions: most likely, the connection has ended."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection. Raises `OperationalError`, inside `connects_once` at once after a failure."""
        with connecting(self.alias, conn_params) as parameters:
            return super().get_new_connection(parameters)

    def is_usable(self) -> bool:
        """Return whether the connection still works."""
        if self.connection is None or self.connection.closed:
            return False
        return self._is_quiet() or bool(super().is_usable())

    def _is_quiet(self) -> bool:
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        watched = select.poll()
        watched.register(self.connection.fileno(), select.POLLIN)
        return not watched.poll(0)
