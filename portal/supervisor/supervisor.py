"""Keeps web, worker and beat running until it is asked to stop."""

import http.client
import os
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

from django.conf import settings

from portal.supervisor.children import Child, DiesTooOften
from portal.supervisor.listening import Address

ROLES = ("web", "worker", "beat")
TICK_SECONDS = 0.2
# Asked to stop, everything is gone within ten seconds: this long in good order.
STOP_SECONDS = 8


class Supervisor:
    """Runs in the main thread without any other; its handlers set a flag only."""

    def __init__(self, address: Address, listener: socket.socket, say: Callable[[str], object]) -> None:
        # Nobody writes to the pipe. Its end closes with this process, however that ends, and the children read that.
        self.lifeline, self._held = os.pipe()
        self.children = [Child(role, lifeline=self.lifeline, socket=listener.fileno()) for role in ROLES]
        self.address = address
        self.say = say
        self.stopping = False
        self.announced = False

    def run(self) -> int:
        """Run until SIGTERM, SIGINT or a child that dies too often; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self._keep_alive()
        except DiesTooOften as reason:
            self.say(str(reason))
            return 1
        finally:
            self._stop_children()
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _keep_alive(self) -> None:
        while not self.stopping:
            for child in self.children:
                child.keep_alive()
            if not self.announced and is_answering(self.address):
                self.say(f"The portal is ready: http://{self.address}/")
                self.announced = True
            time.sleep(TICK_SECONDS)

    def _stop_children(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not all(child.has_stopped() for child in self.children):
            time.sleep(TICK_SECONDS)
        for child in self.children:
            child.kill()


def is_answering(address: Address) -> bool:
    """Whether the web answers at an address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104 - only compared
    connection = http.client.HTTPConnection(host, address.port, timeout=1)
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    try:
        connection.request("GET", "/healthz", headers={} if name == "*" else {"Host": name})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
