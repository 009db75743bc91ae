"""The worker on Redis: a process for each queue, so that what hangs or dies in one leaves the others alone."""

import os
import signal
import time
from types import FrameType

from portal.celery_settings import QUEUES
from portal.supervisor.children import Child
from portal.supervisor.lifeline import GRACE_SECONDS

TICK_SECONDS = 0.2


def worker_role(queue: str) -> str:
    """Return the role of the process that runs the tasks of a queue."""
    return f"worker-{queue}"


WORKER_ROLES = [worker_role(queue) for queue in QUEUES]


class WorkerGroup:
    """Runs in the main thread; its handler sets a flag only."""

    def __init__(self) -> None:
        # As the supervisor's own: it closes with this process, however that ends.
        self.lifeline, self._held = os.pipe()
        self.children = [Child(role, lifeline=self.lifeline, socket=-1) for role in WORKER_ROLES]
        self.stopping = False

    def run(self) -> None:
        """Keep every worker running until SIGTERM. Raises `DiesTooOften`."""
        signal.signal(signal.SIGTERM, self._stop)
        try:
            while not self.stopping:
                for child in self.children:
                    child.keep_alive()
                time.sleep(TICK_SECONDS)
        finally:
            self._stop_children()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_children(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        # Sooner than this process is killed itself.
        deadline = time.monotonic() + GRACE_SECONDS - 1
        while time.monotonic() < deadline and not all(child.has_stopped() for child in self.children):
            time.sleep(TICK_SECONDS)
        for child in self.children:
            child.kill()
