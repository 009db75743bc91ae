"""Whether every database answers, asked after something failed: an outage is nobody's own failure."""

from django.db import OperationalError, connections


def every_database_answers() -> bool:
    """Drop each connection that no longer works and connect anew; return whether that went well for all.

    A connection within a transaction is left alone: whoever began it hears of its end.
    """
    for connection in connections.all():
        if connection.in_atomic_block:
            continue
        connection.close_if_unusable_or_obsolete()
        try:
            connection.ensure_connection()
        except OperationalError:
            return False
    return True
