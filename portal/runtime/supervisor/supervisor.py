"""Keeps web, worker and beat, or one of them, running until a signal to stop."""

import http.client
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from django.conf import settings

from portal.runtime.supervisor.children import Child, DiesTooOften
from portal.runtime.supervisor.listening import ListenAddress
from portal.runtime.supervisor.replacement import ALONE, Replacement, RetiringChild
from portal.runtime.supervisor.roles import load
from portal.runtime.supervisor.starting import share_memory
from portal.runtime.supervisor.worker_roles import worker_processes

ROLES = ("web", "worker", "beat")
TICK_SECONDS = 0.2
# After a signal, all processes end within ten seconds; this long they may finish their work.
STOP_SECONDS = 8


class Supervisor:
    """Runs in the only thread of its process; signal handlers only set a flag."""

    def __init__(
        self,
        roles: Sequence[str],
        say: Callable[[str], object],
        *,
        address: ListenAddress | None = None,
        listener: socket.socket | None = None,
    ) -> None:
        self.children = [Child(process, listener=listener) for role in roles for process in processes_of(role)]
        self.replacements: list[Replacement] = []
        self.retiring: list[RetiringChild] = []
        self.roles = roles
        self.address = address
        self.listener = listener
        self.say = say
        self.stopping = self.reloading = self.announced = False

    def run(self) -> int:
        """Run until SIGTERM, SIGINT or a child that dies too often; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        # SIGHUP of a terminal ends the portal; without a terminal it means a reload.
        signal.signal(signal.SIGHUP, self._stop if sys.stdin and sys.stdin.isatty() else self._reload)
        load()
        share_memory()
        try:
            while not self.stopping:
                self._tick()
                time.sleep(TICK_SECONDS)
        except DiesTooOften as reason:
            self.say(str(reason))
            return 1
        finally:
            self._stop_children()
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _reload(self, _number: int, _frame: FrameType | None) -> None:
        self.reloading = True

    def _tick(self) -> None:
        if self.reloading and not self.replacements:
            self.reloading = False
            self.replacements = [Replacement(child) for child in self.children]
        replaced = {replacement.old for replacement in self.replacements}
        for child in self.children:
            if child not in replaced:
                child.keep_alive()
        for replacement in list(self.replacements):
            self._replace(replacement)
        self.retiring = [one for one in self.retiring if not one.is_gone()]
        if not self.announced and self._is_ready():
            self.say(f"The portal is ready: http://{self.address}/" if self.address else f"{self.roles[0]} is ready.")
            self.announced = True

    def _replace(self, replacement: Replacement) -> None:
        serving = replacement.settle()
        if serving is None:
            return
        old = replacement.old
        self.replacements.remove(replacement)
        if serving is old:
            follows = "another one is started" if old.role in ALONE else "the old one keeps running"
            self.say(f"The new {old.role} did not start; {follows}.")
            return
        self.children[self.children.index(old)] = serving
        self.retiring.append(RetiringChild(old))
        if not self.replacements:
            self.say("Reloaded.")

    def _is_ready(self) -> bool:
        if self.address:
            return is_answering(self.address)
        return all(child.is_ready() for child in self.children)

    def _stop_listening(self) -> None:
        """Refuse new connections, so that a proxy uses another host; the processes finish theirs."""
        if self.listener:
            with suppress(OSError):  # some systems cannot shut down a listening socket
                self.listener.shutdown(socket.SHUT_RD)

    def _stop_children(self) -> None:
        self._stop_listening()
        everyone = [
            *self.children,
            *(replacement.new for replacement in self.replacements),
            *(one.child for one in self.retiring),
        ]
        for child in everyone:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not all(child.has_stopped() for child in everyone):
            time.sleep(TICK_SECONDS)
        for child in everyone:
            child.kill()


def processes_of(role: str) -> list[str]:
    """Return the processes of a role, each as `--only` names it."""
    if role == "worker":
        return worker_processes()
    return [role] * (settings.WEB_WORKERS if role == "web" else 1)


def is_answering(address: ListenAddress) -> bool:
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
