"""A real portal in processes of its own, on the embedded default, and what looks at them."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

QUEUES = ("codes", "sweeps", "bulk")
SERVERS = ("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "PORTAL_ENV")


def environment(**variables):
    """The environment of a portal of its own: nothing of the servers of the test run."""
    return {name: value for name, value in os.environ.items() if name not in SERVERS} | variables


class Portal:
    """A real supervisor in a process of its own, on the embedded default."""

    def __init__(self, var, port, *arguments, **variables):
        self.var, self.port = var, port
        self.output = var / f"printed-{port}-{len(list(var.iterdir()))}"
        self.process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "portal", *arguments],
            env=environment(**{"PORTAL_VAR": str(var), **variables}),
            stdin=subprocess.DEVNULL,
            stdout=self.output.open("w"),
        )

    @property
    def printed(self):
        return self.output.read_text()

    def run(self, code):
        """Run Python in another process of the same portal."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "shell", "--no-imports", "--command", code]
        subprocess.run(command, env=environment(PORTAL_VAR=str(self.var)), check=True)

    def wait_until_ready(self):
        await_that(lambda: "The portal is ready" in self.printed or self.process.poll() is not None, seconds=60)
        assert self.process.returncode is None
        await_that(lambda: self.answer("readyz") == 200, seconds=5)
        # On Redis the worker is a process for each queue, such as `worker-codes`.
        await_that(lambda: {"web", "worker", "beat"} <= {role.partition("-")[0] for role in self.roles()}, seconds=20)

    def answer(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as response:
                json.loads(response.read())
                return response.status
        except OSError:
            return None

    def processes(self):
        """Every living process of this portal, found by its PORTAL_VAR."""
        mark = f"PORTAL_VAR={self.var}".encode()
        return {pid for pid in all_processes() if mark in read_proc(pid, "environ").split(b"\0")}

    def roles(self):
        """The children by the name of their process, which says the role; of a role's own children the eldest."""
        found = {}
        for pid in sorted(self.children(), reverse=True):
            name = read_proc(pid, "comm").decode().strip().removeprefix("portal:")
            found[f"worker-{name}" if name in QUEUES else name] = pid
        return found

    def children(self):
        """Every child of the supervisor."""
        return {pid for pid in self.processes() if read_proc(pid, "comm").startswith(b"portal:")}

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait(timeout=15)

    def sweep(self):
        self.process.kill()
        self.process.wait()
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def all_processes():
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def read_proc(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def await_that(condition, *, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    pytest.fail(f"Not within {seconds} seconds.")
