"""Locks between processes: for a folder, and for preparing the databases. The end of a process releases them."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from django.conf import settings

from privacy.journal.locks import LockTaken, exclusive_lock

# A migration of a large table takes minutes; a longer wait is an error.
PREPARATION_SECONDS = 900.0
LOOK_SECONDS = 0.2


class Occupied(Exception):
    """The lock is taken by another process, or its folder cannot be written."""


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
    """Let one process at a time prepare the databases: among all hosts on PostgreSQL, by `PORTAL_VAR` on SQLite.

    Raises `Occupied` after `within` seconds.
    """
    with ExitStack() as held:
        deadline = time.monotonic() + within
        while True:
            try:
                held.enter_context(exclusive_lock("prepare"))
                break
            except LockTaken:
                if time.monotonic() > deadline:
                    raise Occupied(
                        f"Another process has been preparing the databases for {within:.0f} seconds."
                    ) from None
                time.sleep(LOOK_SECONDS)
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
