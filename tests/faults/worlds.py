"""A portal of its own to break: databases, keys, journal and processes that no other test sees."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from tests.forked import Loaded, Script
from tests.migrated import copied_to, migrated_databases

ROOT = Path(settings.BASE_DIR)
PREAMBLE = """
import json, os, signal, sys
from tests.faults.scenes import *
"""


class World:
    """One portal: its environment, its commands, its scripts."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.folder = folder
        self._all_loaded: dict[str, Loaded] = {}
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_ENV": "development",
            "PORTAL_VAR": str(folder / "var"),
            "PASSWORD_COST": "low",
            "RATE_LIMITS": "off",
            "COOLING_OFF": "PT0S",
            **environment,
        }

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command."""
        if arguments[0] == "portal":  # which starts Python itself
            command = [sys.executable, str(ROOT / "manage.py"), *arguments]
            done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, cwd=ROOT)
        else:
            script = self._loaded().manage(*arguments)
            output, errors = script.communicate()
            done = subprocess.CompletedProcess(arguments, script.returncode, output, errors)
        assert not check or done.returncode == 0, done.stderr[-2000:]
        return done

    def start(self, script: str, **changed: str) -> Script:
        """Start a script in a process of its own; what it prints last is its answer, as JSON."""
        return self._loaded(**changed).start(PREAMBLE + textwrap.dedent(script))

    def run(self, script: str, **changed: str) -> Any:
        """Run a script to its end and return its answer."""
        process = self.start(script, **changed)
        output, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors[-2000:]
        return json.loads(output.strip().splitlines()[-1]) if output.strip() else None

    def close(self) -> None:
        """End what was loaded for scripts."""
        for loaded in self._all_loaded.values():
            loaded.close()
        self._all_loaded.clear()

    def _loaded(self, **changed: str) -> Loaded:
        """Return what has the portal loaded with these settings, some of which are files."""
        environment = self.environment | changed
        secrets = [path.read_bytes() for path in sorted(Path(environment["PORTAL_VAR"]).glob(".*_key*"))]
        key = repr((sorted(environment.items()), secrets))
        if key not in self._all_loaded:
            self._all_loaded[key] = Loaded(environment)
        return self._all_loaded[key]


@contextmanager
def new_portal(folder: Path) -> Iterator[World]:
    """Make a portal whose databases are empty; remove it afterwards."""
    names = _new_databases("")
    with closing(World(_environment(_server(), names), folder)) as portal:
        try:
            yield portal
        finally:
            _drop(names)


def kill(process: Script) -> bool:
    """Kill a process as the machine's end would; return whether it was still alive."""
    was_alive = process.poll() is None
    process.send_signal(signal.SIGKILL) if was_alive else None
    process.communicate()
    return was_alive


class MigratedPortal:
    """A migrated portal that worlds are copied from, so that each costs a second."""

    def __init__(self, folder: Path) -> None:
        """Name the migrated databases of a server, or copy those of SQLite below a folder."""
        self.var = folder / "var"
        self.names: dict[str, str] = {}
        if connection.vendor != "postgresql":
            copied_to(self.var)
            return
        self.var.mkdir(parents=True)
        migrated = migrated_databases(_server())
        self.names = {"DATABASE_URL": migrated["default"], "KEYS_DATABASE_URL": migrated["keys"]}


@contextmanager
def world(migrated: MigratedPortal, folder: Path) -> Iterator[World]:
    """Copy a portal of its own, on the kind of database that the tests run on; remove it afterwards."""
    shutil.copytree(migrated.var, folder / "var")
    names = {key: _new_databases(template)[key] for key, template in migrated.names.items()}
    with closing(World(_environment(_server(), names), folder)) as portal:
        try:
            yield portal
        finally:
            _drop(names)


@contextmanager
def served(portal: World, **changed: str) -> Iterator[str]:
    """Run the whole portal, web, worker and beat; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "manage.py"), "portal", "--bind", f"127.0.0.1:{port}"]
    environment = portal.environment | {"SWEEP_EVERY": "PT1S"} | changed
    with (portal.folder / "portal.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_until(lambda: _answers(port), 120)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def wait_until(is_so: Any, seconds: float) -> float:
    """Wait until something is so; return after how many seconds. Fails when it takes longer."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < seconds, "it took too long"
        time.sleep(0.1)
    return time.monotonic() - begun


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _server() -> str:
    return "postgres://{USER}@{HOST}:{PORT}".format(**settings.DATABASES["default"])


def _new_databases(template: str) -> dict[str, str]:
    """Create the two databases of a portal on PostgreSQL, or one as a copy; SQLite's are files."""
    if connection.vendor != "postgresql":
        return {}
    name = f"faults_{uuid.uuid4().hex[:10]}"
    if template:
        _on_server([f"CREATE DATABASE {name} TEMPLATE {template}"])
        return dict.fromkeys(("DATABASE_URL", "KEYS_DATABASE_URL"), name)
    names = {"DATABASE_URL": name, "KEYS_DATABASE_URL": f"{name}_keys"}
    _on_server([f"CREATE DATABASE {database}" for database in names.values()])
    return names


def _environment(server: str, names: dict[str, str]) -> dict[str, str]:
    return {key: f"{server}/{name}" for key, name in names.items()} or {"PORTAL_ENV": "embedded"}


def _drop(names: dict[str, str]) -> None:
    if names:
        _on_server([f"DROP DATABASE IF EXISTS {database} WITH (FORCE)" for database in names.values()])


def _on_server(statements: list[str]) -> None:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as server:
        for statement in statements:
            server.execute(statement)
