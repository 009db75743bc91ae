"""Writers of all hosts take turns by a lock in the keys database; each waits for a limited time.

PostgreSQL: an advisory lock, held until the transaction ends. SQLite: its own write lock, which a transaction takes.
The lock ends with its connection, so that a process that dies blocks no other.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

from privacy.encryption.router import KEYS

# A person waits for a page; the sweep writes what is not written then.
IN_A_REQUEST = timedelta(milliseconds=250)
IN_A_TASK = timedelta(seconds=10)
IN_A_COMMAND = timedelta(minutes=2)
# The first of the two numbers of an advisory lock: all of them belong to the journal.
LOCKS = 0x6A6F7572


class JournalBusy(TimeoutError):
    """Another process writes the journal: the rest is written later."""


class LockTaken(Exception):
    """Another process holds a lock that is not waited for."""


@contextmanager
def chain_lock(name: str, wait: timedelta) -> Iterator[None]:
    """Hold the lock of a chain for one transaction of the keys database. Raises `JournalBusy` after `wait`."""
    with ExitStack() as held:
        if connections[KEYS].vendor == "postgresql":
            held.enter_context(transaction.atomic(using=KEYS))
            _take_lock(name, wait)
        else:
            _take_write_lock(held, wait)
        yield


@contextmanager
def exclusive_lock(name: str) -> Iterator[None]:
    """Hold a lock over many transactions, even if the tables are replaced meanwhile. Raises `LockTaken` at once."""
    with _own_connection(name) if connections[KEYS].vendor == "postgresql" else _own_file(name):
        yield


@contextmanager
def _own_connection(name: str) -> Iterator[None]:
    connection = connections[KEYS].copy()
    try:
        # A transaction that touches no table: a lock of the session would be lost behind a pooler.
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, name])
            if not cursor.fetchone()[0]:
                raise LockTaken(name)
            yield
    finally:
        # Frees the lock now: the server notices a closed connection a moment later, when the next command may ask.
        with suppress(DatabaseError):
            connection.rollback()
        connection.close()


@contextmanager
def _own_file(name: str) -> Iterator[None]:
    """A portal on SQLite has one host, and a restore replaces the database's file."""
    Path(settings.VAR_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(Path(settings.VAR_DIR) / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockTaken(name) from None
        yield
    finally:
        os.close(descriptor)


def _take_lock(name: str, wait: timedelta) -> None:
    with connections[KEYS].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, name])
        if cursor.fetchone()[0]:
            return
        # The server queues the waiting: frequent writers would overtake a process that polls.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{wait // timedelta(milliseconds=1)}ms"])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, name])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise JournalBusy(f"another process writes the journal of {name}") from None
            raise
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _take_write_lock(held: ExitStack, wait: timedelta) -> None:
    """Begin a transaction of SQLite, which takes its write lock; within a transaction the lock is held already."""
    connection = connections[KEYS]
    if connection.in_atomic_block:
        held.enter_context(transaction.atomic(using=KEYS))
        return
    with _waiting(connection, wait):
        try:
            held.enter_context(transaction.atomic(using=KEYS))
        except OperationalError:
            raise JournalBusy("another process writes the keys database") from None


@contextmanager
def _waiting(connection: BaseDatabaseWrapper, wait: timedelta) -> Iterator[None]:
    """Let SQLite wait this long for a lock; afterwards as long as before."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {wait // timedelta(milliseconds=1)}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
