"""A child's lifeline: a socket to its supervisor. Its end means that the supervisor is gone; a byte says "ready"."""

import os
import signal
import socket
import threading
import time
from contextlib import suppress

# Shorter than what the supervisor itself grants, and enough for requests and tasks under way.
GRACE_SECONDS = 6
READY = b"r"


class Lifeline:
    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)

    def hold(self) -> None:
        """End this process, and then its whole group, once the supervisor is gone, even by SIGKILL."""
        threading.Thread(target=self._wait, name="lifeline", daemon=True).start()

    def report_ready(self) -> None:
        """Report to the supervisor that this child is ready."""
        with suppress(ConnectionError):  # the supervisor is gone: the end of the lifeline says so
            self._socket.send(READY)

    def _wait(self) -> None:
        with suppress(ConnectionError):
            while self._socket.recv(1):
                pass
        # To the main thread: one that sleeps in a system call would not notice a signal given to another thread.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os.killpg(0, signal.SIGKILL)
