"""Whether every database answers, asked after a failure: an outage is not the failure of a row."""

from django.db import OperationalError, connections


def every_database_answers() -> bool:
    """Drop each connection that no longer works and connect again; return whether all databases answered.

    A connection within a transaction is left alone: its owner gets the error.
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
