"""Hosts of one portal: each has an address, a folder and processes of its own, and shares servers and the journal."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.faults.worlds import ROOT, World, wait_until
from tests.supervised import all_processes, read_proc

ROLES = ("web", "worker", "beat")
# Several hosts run on this one machine.
SMALL = {"WEB_WORKERS": "1", "WORKERS_CODES": "2", "WORKERS_SWEEPS": "1", "WORKERS_BULK": "1", "SWEEP_EVERY": "PT1S"}
START_SECONDS, STOP_SECONDS = 120, 30


class Host:
    """One host, as docs/deployment.md sets several up."""

    def __init__(self, portal: World, folder: Path, address: str, prefix: tuple[str, ...] = ()) -> None:
        folder.mkdir()
        self.folder = folder
        self.address = address
        self.prefix = prefix
        self.outbox = folder / "var" / "outbox"
        self.environment = SMALL | portal.environment | {"PORTAL_VAR": str(folder / "var")}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stop_seconds = 0.0

    def prepare(self) -> subprocess.Popen[bytes]:
        """Begin to prepare the databases, which every host may do at once."""
        return self._run("prepare", "--prepare-only")

    def start(self, *roles: str) -> None:
        """Start roles, each alone, and wait until each does its work."""
        for role in roles or ROLES:
            bind = ("--bind", self.address) if role == "web" else ()
            self.running[role] = self._run(role, "--only", role, *bind)
        for role in roles or ROLES:
            self._wait_for(role, "ready")

    def reload(self, *roles: str) -> None:
        """Replace the processes of roles while they work."""
        for role in roles or ROLES:
            self.running[role].send_signal(signal.SIGHUP)
        for role in roles or ROLES:
            self._wait_for(role, "Reloaded.")

    def stop(self) -> list[int]:
        """Ask every role to end; return how they ended, and keep how long it took."""
        begun = time.monotonic()
        for process in self.running.values():
            process.terminate()
        ends = [process.wait(STOP_SECONDS) for process in self.running.values()]
        self.stop_seconds = time.monotonic() - begun
        return ends

    def die(self) -> int:
        """Kill every process of this host at once, as a power cut does; return how many there were."""
        mark = f"PORTAL_VAR={self.folder / 'var'}".encode()
        ours = [pid for pid in all_processes() if mark in read_proc(pid, "environ").split(b"\0")]
        for pid in ours:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in self.running.values():
            process.wait()
        return len(ours)

    def _run(self, role: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{role}.log").open("wb") as log:
            return subprocess.Popen(
                [*self.prefix, sys.executable, str(ROOT / "manage.py"), "portal", *arguments],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_for(self, role: str, words: str) -> None:
        log, process = self.folder / f"{role}.log", self.running[role]
        wait_until(lambda: words in log.read_text() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None, log.read_text()[-2000:]
