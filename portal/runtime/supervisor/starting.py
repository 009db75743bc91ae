"""How the supervisor's process and those of its children begin: with fresh code, and with nothing that is another's."""

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

# glibc gives a password hash's 19 MiB back after each hash and asks for them again: a third of Argon2's time.
# All three together: one alone switches off glibc's own adjusting, and each hash gets fresh pages.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
    "MALLOC_TOP_PAD_": str(16 * 2**20),
}
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# What belongs to the supervisor alone. A child that kept it open would hold the folder after the supervisor's death,
# or the lifeline of another child.
_of_the_supervisor: set[socket.socket | TextIO] = set()


def start_again(arguments: Sequence[str], *, inherited: Sequence[int]) -> None:
    """Become a new process of `manage.py portal` with these arguments, in place of this one.

    Descriptors in `inherited` stay open. What was prepared, and the memory that it took, is gone.
    """
    for descriptor in inherited:
        os.set_inheritable(descriptor, True)
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "portal", "--skip-checks", *arguments]
    os.execve(sys.executable, command, MEMORY | environment_of_children())  # noqa: S606 - our own command


def load_again(role: str, *, lifeline: int, listener: int | None) -> None:
    """Become a new process that runs one role with the code that is installed now."""
    arguments = ["--only", role, "--lifeline", str(lifeline)]
    inherited = [lifeline]
    if listener is not None:
        arguments += ["--socket", str(listener)]
        inherited.append(listener)
    start_again(arguments, inherited=inherited)


def begin(work: Callable[[], None], not_its_own: Sequence[socket.socket] = ()) -> None:
    """Do the work of a child that was just forked, as the leader of a group of its own.

    It closes what `keep_from_children` was given, and the sockets that are not its own.
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
    """Hold the supervisor's signals back, so that a new child does not take one for its own."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def keep_from_children(own: socket.socket | TextIO) -> None:
    """Let children close this as they begin."""
    _of_the_supervisor.add(own)


def close(own: socket.socket | TextIO) -> None:
    """Close what `keep_from_children` was given."""
    _of_the_supervisor.discard(own)
    own.close()


def share_memory() -> None:
    """Leave what is loaded by now to every child: the collector no longer writes to it."""
    gc.collect()
    gc.freeze()


def name_process(role: str) -> None:
    """Show the role as the name of this process where the system can: `ps -o pid,comm` lists `portal:web`."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"portal:{role.removeprefix('worker-')}")
