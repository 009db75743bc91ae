"""A child's lifeline: a pipe on its standard input, whose end means that the supervisor is gone."""

import os
import signal
import threading
import time

# Shorter than what the supervisor itself grants, and enough for requests and tasks under way.
GRACE_SECONDS = 6
STANDARD_INPUT = 0


def hold_lifeline() -> None:
    """End this process, and then its whole group, once the supervisor is gone, even by SIGKILL."""
    threading.Thread(target=_wait, name="lifeline", daemon=True).start()


def _wait() -> None:
    while os.read(STANDARD_INPUT, 1):
        pass
    # To the main thread: one that sleeps in a system call would not notice a signal given to another thread.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)
