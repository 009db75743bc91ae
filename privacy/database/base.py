"""Django's PostgreSQL backend with a cheaper health check: without it, each request would ask `SELECT 1` twice.

Named as the `ENGINE` of a PostgreSQL database.
"""

import select

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from psycopg.pq import TransactionStatus


class DatabaseWrapper(PostgreSQL):
    """Asks the server only if the socket has data between two transactions: most likely, the connection has ended."""

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
