"""Starts the processes of the supervisor and its children, without descriptors of other processes."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import environment_of_children

# glibc returns the 19 MiB of a password hash after each hash and requests them again: a third of Argon2's time.
# All three are needed: one alone disables glibc's dynamic thresholds, and each hash gets new pages.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
    "MALLOC_TOP_PAD_": str(16 * 2**20),
}
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# Files of the supervisor only. A child that kept them open would hold the folder's lock after the supervisor's death,
# or the lifeline of another child.
_of_the_supervisor: set[socket.socket | TextIO] = set()


def start_again(arguments: Sequence[str], *, inherited: Sequence[int]) -> None:
    """Replace this process by a new one of `manage.py portal` with these arguments.

    Descriptors in `inherited` stay open. It releases the memory of the preparation.
    """
    for descriptor in inherited:
        os.set_inheritable(descriptor, True)
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "portal", "--skip-checks", *arguments]
    os.execve(sys.executable, command, MEMORY | environment_of_children())  # noqa: S606 - a fixed command


def load_again(role: str, *, lifeline: int, listener: int | None) -> None:
    """Replace this process by a new one that runs one role with the installed code."""
    arguments = ["--only", role, "--lifeline", str(lifeline)]
    inherited = [lifeline]
    if listener is not None:
        arguments += ["--socket", str(listener)]
        inherited.append(listener)
    start_again(arguments, inherited=inherited)


def begin(work: Callable[[], None], not_its_own: Sequence[socket.socket] = ()) -> None:
    """Do the work of a forked child, as the leader of its own group.

    Closes the files of `keep_from_children`, and the sockets of other children.
    """
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    for own in list(_of_the_supervisor):
        close(own)
    for other in not_its_own:
        other.close()
    try:
        work()
    except ImproperlyConfigured as reason:
        sys.exit(f"The portal does not start. {reason}")


@contextmanager
def signals_wait() -> Iterator[None]:
    """Block the supervisor's signals, so that a new child does not receive them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def keep_from_children(own: socket.socket | TextIO) -> None:
    """Let children close this file when they start."""
    _of_the_supervisor.add(own)


def close(own: socket.socket | TextIO) -> None:
    """Close a file of `keep_from_children`."""
    _of_the_supervisor.discard(own)
    own.close()


def share_memory() -> None:
    """Share the loaded memory with every child: the garbage collector no longer writes to it."""
    gc.collect()
    gc.freeze()


def name_process(role: str) -> None:
    """Show the role as the name of this process where the system can: `ps -o pid,comm` lists `portal:web`."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"portal:{role.removeprefix('worker-')}")
