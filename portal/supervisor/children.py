"""A child of the supervisor: started, restarted with growing waits, and stopped with all that it started."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from typing import Self

from django.conf import settings

from portal.environment import environment_of_children

TOO_MANY_DEATHS, WITHIN_SECONDS = 5, 60.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0

# glibc gives a password hash's 19 MiB back after each hash and asks for them again: a third of Argon2's time.
# All three together: one alone switches off glibc's own adjusting, and each hash gets fresh pages.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
    "MALLOC_TOP_PAD_": str(16 * 2**20),
}


class DiesTooOften(Exception):
    """A child died five times within a minute."""


class Child:
    """One process, the leader of a group of its own: what it starts dies with it, and Ctrl-C reaches us only."""

    def __init__(self, role: str, *, listener: int | None) -> None:
        self.role = role
        self.listener = listener
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths: deque[float] = deque(maxlen=TOO_MANY_DEATHS)
        self.start_at = 0.0
        self._lifeline: socket.socket | None = None
        self._said_ready = False

    def successor(self) -> Self:
        """Return another child of the same role that has not started yet."""
        return type(self)(self.role, listener=self.listener)

    def keep_alive(self) -> None:
        """Start the process where it does not run and its wait is over. Raises `DiesTooOften`."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self._start()
        elif self.process.poll() is not None:
            self._mourn()

    def is_ready(self) -> bool:
        """Whether the process has said that it does its work."""
        if self._lifeline is not None and not self._said_ready:
            with suppress(BlockingIOError, ConnectionError):
                self._said_ready = bool(self._lifeline.recv(1))
        return self._said_ready

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def has_stopped(self) -> bool:
        """Whether the process is gone."""
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """End the process and whatever it started, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self._lifeline is not None:
            self._lifeline.close()
            self._lifeline = None

    def _start(self) -> None:
        # The child's end closes here, so that only this process holds the other; its end tells the child.
        self._lifeline, theirs = socket.socketpair()
        self._lifeline.setblocking(False)
        self._said_ready = False
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "portal", "--skip-checks"]
        command += ["--only", self.role, "--lifeline", str(theirs.fileno())]
        inherited = [theirs.fileno()]
        if self.role == "web" and self.listener is not None:
            command += ["--socket", str(self.listener)]
            inherited.append(self.listener)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own command, no text of anybody else
                command,
                stdin=subprocess.DEVNULL,
                pass_fds=inherited,
                env=MEMORY | environment_of_children(),
                start_new_session=True,
            )

    def _mourn(self) -> None:
        self.kill()
        self.process = None
        now = time.monotonic()
        self.deaths.append(now)
        recent = [death for death in self.deaths if now - death < WITHIN_SECONDS]
        if len(recent) == TOO_MANY_DEATHS:
            raise DiesTooOften(f"{self.role} died {TOO_MANY_DEATHS} times within a minute; the portal stops.")
        self.start_at = now + min(FIRST_WAIT * 2 ** (len(recent) - 1), LONGEST_WAIT)
