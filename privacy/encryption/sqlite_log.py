"""Truncates SQLite's log after a key is destroyed: the log keeps the key as long as any process has the file open."""

from django.db import OperationalError, connections, transaction

KEYS = "keys"
# A reader prevents the truncation; the next destroyed key repeats it.
PATIENCE_MS = 500


def cut_log_on_commit() -> None:
    """Write SQLite's log back and truncate it after the commit, unless there are readers. Does nothing on PostgreSQL.

    docs/backups.md says what PostgreSQL keeps, and for how long.
    """
    if connections[KEYS].vendor == "sqlite":
        transaction.on_commit(_cut_log, using=KEYS, robust=True)


def _cut_log() -> None:
    with connections[KEYS].cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        usual = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        except OperationalError:  # another process writes: it, or the next one, truncates the log
            return
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
