"""A child's socket to its supervisor. End of file means that the supervisor has died; a byte means "ready"."""

import os
import signal
import socket
import threading
import time
from contextlib import suppress

# Shorter than the supervisor's own time limit, and enough for running requests and tasks.
GRACE_SECONDS = 6
READY = b"r"


class Lifeline:
    """The child's end of the socket."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)

    def hold(self) -> None:
        """End this process, and then its group, after the death of the supervisor, even by SIGKILL."""
        threading.Thread(target=self._wait, name="lifeline", daemon=True).start()

    def report_ready(self) -> None:
        """Report to the supervisor that this child is ready."""
        with suppress(ConnectionError):  # the supervisor has died; `_wait` notices it
            self._socket.send(READY)

    def _wait(self) -> None:
        with suppress(ConnectionError):
            while self._socket.recv(1):
                pass
        # To the main thread: it would not notice a signal to another thread while it sleeps in a system call.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os.killpg(0, signal.SIGKILL)
