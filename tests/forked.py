"""Loads the portal once, and forks scripts and commands from it: Python and Django take a second to start."""

import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("accounts", "portal", "privacy")


class Loaded:
    """A process that has the portal loaded with the settings of one environment, and did nothing with it yet.

    Without settings it has loaded what the settings import, and each command reads an environment of its own.
    """

    def __init__(self, environment: dict[str, str], *, with_settings: bool = True) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.exit_codes: dict[int, int] = {}
        command = [sys.executable, "-m", "tests.forked", str(theirs.fileno()), "settings" if with_settings else ""]
        with theirs:
            self.process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )

    def start(self, code: str) -> "Script":
        """Run code in a process of its own."""
        return self._start({"code": code})

    def manage(self, *arguments: str, environment: dict[str, str] | None = None) -> "Script":
        """Run a management command in a process of its own."""
        return self._start({"arguments": arguments, "environment": environment})

    def _start(self, request: dict[str, Any]) -> "Script":
        read, write = os.pipe()
        errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - the script's, until the test has read it
        with tempfile.TemporaryFile("w+") as asked:
            json.dump(request, asked)
            asked.seek(0)
            socket.send_fds(self.control, [b"start"], [asked.fileno(), write, errors.fileno()])
        os.close(write)
        while "pid" not in (said := self._next(None)):
            self._note(said)
        return Script(self, said["pid"], read, errors)

    def wait_for(self, pid: int, until: float | None) -> int | None:
        """Return how a script ended; None where it runs still at this time."""
        while pid not in self.exit_codes:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not (said := self._next(left)):
                return None
            self._note(said)
        return self.exit_codes[pid]

    def close(self) -> None:
        """End this process; forked processes continue."""
        self.control.close()
        self.process.wait(30)

    def _note(self, said: dict[str, int]) -> None:
        self.exit_codes[said["ended"]] = said["exit_code"]

    def _next(self, seconds: float | None) -> dict[str, int]:
        if not select.select([self.control], [], [], seconds)[0]:
            return {}
        said = self.control.recv(1000)
        assert said, "the portal does not load"
        return json.loads(said)


class Script:
    """What the tests use of `subprocess.Popen`, for a script that was forked."""

    def __init__(self, parent: Loaded, pid: int, output: int, errors: IO[str]) -> None:
        self.pid = pid
        self.stdout = os.fdopen(output)
        self._parent = parent
        self._errors = errors

    @property
    def returncode(self) -> int | None:
        """The exit code; None until it was waited for."""
        return self._parent.exit_codes.get(self.pid)

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""
        return self._parent.wait_for(self.pid, time.monotonic())

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end, and return what it printed. Raises `subprocess.TimeoutExpired`."""
        until = None if timeout is None else time.monotonic() + timeout
        printed = b""
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self.stdout], [], [], left)[0]:
                raise subprocess.TimeoutExpired("a script", timeout or 0)
            if not (more := os.read(self.stdout.fileno(), 2**16)):
                break
            printed += more
        if self._parent.wait_for(self.pid, until) is None:
            raise subprocess.TimeoutExpired("a script", timeout or 0)
        self._errors.seek(0)
        with self.stdout, self._errors:
            return printed.decode(), self._errors.read()


def asked_for(control: socket.socket) -> dict[str, Any]:
    """Fork for each request, and return it in the new process; end with the process of the tests."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready = select.select([control, woken], [], [])[0]
        if woken in ready:
            os.read(woken, 100)
            report_ended(control)
        if control in ready:
            said, descriptors, *_ = socket.recv_fds(control, 10, 3)
            if not said:
                os._exit(0)
            pid = os.fork()
            if not pid:
                return begun(control, woken, wake, descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            control.send(json.dumps({"pid": pid}).encode())


def report_ended(control: socket.socket) -> None:
    """Say of each process that ended how it did."""
    try:
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            pid, status = ended
            control.send(json.dumps({"ended": pid, "exit_code": os.waitstatus_to_exitcode(status)}).encode())
    except (ChildProcessError, BrokenPipeError):
        return


def begun(control: socket.socket, woken: int, wake: int, descriptors: list[int]) -> dict[str, Any]:
    """Become a process like one that was started: with an output of its own, and nothing of its parent."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    control.close()
    os.close(woken)
    os.close(wake)
    asked, output, errors = descriptors
    os.dup2(output, 1)
    os.dup2(errors, 2)
    os.close(output)
    os.close(errors)
    with os.fdopen(asked) as request:
        return json.load(request)


def load_without_settings() -> None:
    """Load what the settings import, but not the portal itself."""

    import portal.settings  # noqa: F401 - for what it imports

    for name in [name for name in sys.modules if name.partition(".")[0] in PACKAGES]:
        del sys.modules[name]


def load() -> None:
    """Load what nearly every script uses, and open no database."""
    import django

    django.setup()
    from django.core.management import get_commands
    from django.db import connections
    from django.urls import get_resolver

    from tests.faults import scenes  # noqa: F401 - loaded for the scripts

    get_commands()
    assert get_resolver().url_patterns
    assert not any(connection.connection for connection in connections.all(initialized_only=True))


if __name__ == "__main__":
    load() if sys.argv[2] else load_without_settings()
    gc.collect()
    gc.freeze()
    request = asked_for(socket.socket(fileno=int(sys.argv[1])))
    if request.get("environment") is not None:
        os.environ.clear()
        os.environ.update(request["environment"])
    if "code" in request:
        sys.argv = ["-c"]
        exec(compile(request["code"], "<script>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the test's own
    else:
        sys.argv = ["manage.py", *request["arguments"]]
        runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")
