"""A child of the supervisor: start, restart with growing waits, and stop with its own children."""

import multiprocessing
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from portal.runtime.supervisor import roles, starting

TOO_MANY_DEATHS, WITHIN_SECONDS = 5, 60.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0
FORKING = multiprocessing.get_context("fork")


class DiesTooOften(Exception):
    """A child died five times within a minute."""


class Child:
    """One process, the leader of its own group: its children die with it, and Ctrl-C reaches only the supervisor.

    It is forked, and shares the loaded code with the supervisor. After a reload the supervisor has the old code: a
    child that `loads_code` starts Python again and loads the installed code.
    """

    def __init__(self, role: str, *, listener: socket.socket | None, loads_code: bool = False) -> None:
        self.role = role
        self.listener = listener
        self.loads_code = loads_code
        self.process: multiprocessing.context.ForkProcess | None = None
        self.deaths: deque[float] = deque(maxlen=TOO_MANY_DEATHS)
        self.start_at = 0.0
        self._lifeline: socket.socket | None = None
        self._said_ready = False

    def successor(self) -> Self:
        """Return a new child of the same role, not started, that loads the installed code."""
        return type(self)(self.role, listener=self.listener, loads_code=True)

    def keep_alive(self) -> None:
        """Start the process if it does not run and its wait is over. Raises `DiesTooOften`.

        A failed start (too many processes, too little memory) counts as a death.
        """
        if self.process is None:
            if time.monotonic() >= self.start_at:
                try:
                    self._start()
                except OSError:
                    self._record_death()
        elif self.has_stopped():
            self._record_death()

    def is_ready(self) -> bool:
        """Whether the process has reported that it is ready."""
        if self._lifeline is not None and not self._said_ready:
            with suppress(BlockingIOError, ConnectionError):
                self._said_ready = bool(self._lifeline.recv(1))
        return self._said_ready

    def ask_to_stop(self) -> None:
        """Ask the process to finish its work and end."""
        if self.process is not None and not self.has_stopped():
            self.process.terminate()

    def has_stopped(self) -> bool:
        """Whether the process has ended."""
        return self.process is None or self.process.exitcode is not None

    def kill(self) -> None:
        """Kill the process and its children."""
        if self.process is not None and self.process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()  # it was killed before it led a group
            self.process.join()
        if self._lifeline is not None:
            starting.close(self._lifeline)
            self._lifeline = None

    def _start(self) -> None:
        # Close the child's end here: the child then notices the death of this process.
        self._lifeline, theirs = socket.socketpair()
        self._lifeline.setblocking(False)
        starting.keep_from_children(self._lifeline)
        self._said_ready = False
        with theirs:
            # Only the web gets the socket: another role would keep the port open after the supervisor's death.
            not_its_own = [self.listener] if self.listener and self.role != "web" else []
            arguments = (self._work(theirs.fileno()), not_its_own)
            process = FORKING.Process(target=starting.begin, args=arguments, name=self.role)
            with starting.signals_wait():
                process.start()
        self.process = process  # set only after a successful start

    def _work(self, lifeline: int) -> Callable[[], None]:
        """Return what the new process does."""
        listener = self.listener.fileno() if self.listener and self.role == "web" else None
        if self.loads_code:
            return lambda: starting.load_again(self.role, lifeline=lifeline, listener=listener)
        return lambda: roles.run(self.role, lifeline=lifeline, listener=listener)

    def _record_death(self) -> None:
        self.kill()
        self.process = None
        now = time.monotonic()
        self.deaths.append(now)
        recent = [death for death in self.deaths if now - death < WITHIN_SECONDS]
        if len(recent) == TOO_MANY_DEATHS:
            raise DiesTooOften(f"{self.role} died {TOO_MANY_DEATHS} times within a minute; the portal stops.")
        self.start_at = now + min(FIRST_WAIT * 2 ** (len(recent) - 1), LONGEST_WAIT)
