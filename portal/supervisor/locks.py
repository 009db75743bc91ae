"""Locks between processes: who runs on a folder, and who prepares the databases. Death frees each of them."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.db import connection

# A migration of a large table takes minutes; more than this is a fault to look at.
PREPARATION_SECONDS = 900.0
LOOK_SECONDS = 0.2
# Any number, the same in every process: the key of PostgreSQL's advisory lock.
PREPARATION = 0x706F7274616C


class Occupied(Exception):
    """The lock cannot be had: another process holds it, or its folder cannot be written."""


@contextmanager
def file_lock(path: Path) -> Iterator[Callable[[], bool]]:
    """Yield what tries to take the lock of a file; it is free again at the end, or when this process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        yield lambda: _take(file.fileno())


def hold_folder(role: str) -> TextIO:
    """Return the open file that holds `PORTAL_VAR` for a role until it is closed. Raises `Occupied`."""
    try:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (settings.VAR_DIR / f"{role}.lock").open("a")
    except OSError as error:
        raise Occupied(f"PORTAL_VAR={settings.VAR_DIR} cannot be written: {error.strerror}.") from None
    if not _take(file.fileno()):
        file.close()
        raise Occupied(
            f"Another portal already runs {role} on {settings.VAR_DIR}. Stop it, or give another PORTAL_VAR."
        )
    return file


@contextmanager
def one_prepares(*, within: float = PREPARATION_SECONDS) -> Iterator[None]:
    """Let one process at a time prepare the databases: of all hosts on PostgreSQL, of `PORTAL_VAR` on SQLite.

    Raises `Occupied` after `within` seconds.
    """
    with (
        _advisory_lock() if connection.vendor == "postgresql" else file_lock(settings.VAR_DIR / "prepare.lock") as take
    ):
        deadline = time.monotonic() + within
        while not take():
            if time.monotonic() > deadline:
                raise Occupied(f"Another process has been preparing the databases for {within:.0f} seconds.")
            time.sleep(LOOK_SECONDS)
        yield


@contextmanager
def _advisory_lock() -> Iterator[Callable[[], bool]]:
    # On a connection of its own: what migrates opens and closes the others.
    own = connection.copy()

    def take() -> bool:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [PREPARATION])
            return bool(cursor.fetchone()[0])

    try:
        yield take
    finally:
        own.close()


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
