"""A child of the supervisor: started, restarted with growing waits, and stopped with all that it started."""

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
    """One process, the leader of a group of its own: what it starts dies with it, and Ctrl-C reaches us only.

    It is forked, and shares with the supervisor the code that is loaded already. After a reload the supervisor's code
    is the old one: a child that `loads_code` starts Python again and loads what is installed now.
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
        """Return another child of the same role that has not started yet, and will load the code that is installed."""
        return type(self)(self.role, listener=self.listener, loads_code=True)

    def keep_alive(self) -> None:
        """Start the process where it does not run and its wait is over. Raises `DiesTooOften`.

        One that the system cannot start, with too many processes or too little memory, counts as one that died.
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
        """Whether the process has said that it does its work."""
        if self._lifeline is not None and not self._said_ready:
            with suppress(BlockingIOError, ConnectionError):
                self._said_ready = bool(self._lifeline.recv(1))
        return self._said_ready

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it is doing."""
        if self.process is not None and not self.has_stopped():
            self.process.terminate()

    def has_stopped(self) -> bool:
        """Whether the process is gone."""
        return self.process is None or self.process.exitcode is not None

    def kill(self) -> None:
        """End the process and whatever it started, at once."""
        if self.process is not None and self.process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()  # where it was killed before it led a group
            self.process.join()
        if self._lifeline is not None:
            starting.close(self._lifeline)
            self._lifeline = None

    def _start(self) -> None:
        # The child's end closes here, so that only this process holds the other; its end tells the child.
        self._lifeline, theirs = socket.socketpair()
        self._lifeline.setblocking(False)
        starting.keep_from_children(self._lifeline)
        self._said_ready = False
        with theirs:
            # Only the web listens: another role would keep the port after the supervisor's death.
            not_its_own = [self.listener] if self.listener and self.role != "web" else []
            arguments = (self._work(theirs.fileno()), not_its_own)
            process = FORKING.Process(target=starting.begin, args=arguments, name=self.role)
            with starting.signals_wait():
                process.start()
        self.process = process  # one that was not started can be neither asked to stop nor waited for

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
