"""What a destroyed key leaves on disk: SQLite's log keeps it until it is cut, as long as anybody has the file open."""

from django.db import OperationalError, connections, transaction

KEYS = "keys"
# Whoever reads lets the log stay as it is; the next key that is destroyed cuts it.
PATIENCE_MS = 500


def cut_log_on_commit() -> None:
    """Write SQLite's log back and cut it once the transaction is through, where nobody reads; PostgreSQL: nothing.

    What PostgreSQL keeps of it, and for how long, is said in docs/backups.md.
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
        except OperationalError:  # a write of another process: it, or the next one, cuts the log
            return
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
