"""A real portal for journeys: its own folder, databases and Redis, the supervisor with web, worker and beat."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.environment import SHARED
from tests.forked import Loaded, Script
from tests.migrated import copied_to, migrated_databases
from tests.traces import files_below, postgres_dump, postgres_files
from tools.traces.sources import Place

ROOT = Path(__file__).resolve().parents[2]
SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"
SEED_LABEL = "2022-07"


def free_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(answer: Callable[[], object], seconds: float = 60) -> object:
    """Poll until there is an answer; the longest wait is a failure, never a measure."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := answer():
            return found
        time.sleep(0.1)
    raise AssertionError(f"Nothing came within {seconds} seconds.")


def _printed_by(script: Script) -> str:
    """Wait for a script of a live portal, which must not fail, and return what it printed."""
    output, errors = script.communicate(timeout=300)
    assert script.returncode == 0, output + errors
    return output


@dataclass
class LivePortal:
    """One running portal and everything it keeps."""

    var: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    # Variables beside those that every live portal has.
    settings: dict[str, str] = field(default_factory=dict)
    server: str = ""
    databases: list[str] = field(default_factory=list)
    redis_dir: Path | None = None
    started_at: float = field(default_factory=time.time)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _loads: Loaded | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Set up databases, publish the operator's policy where it is at hand, and start everything."""
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "KEYS_", "REDIS"))
            },
            "PORTAL_VAR": str(self.var),
            "PORTAL_ENV": "embedded",
            # Every second, the worker of a portal that nobody uses takes a third of a core.
            "SWEEP_EVERY": "PT3S",
            "RATE_LIMITS": "off",
            "PASSWORD_COST": "low",
            "PORT": str(self.port),
            **self.settings,
        }
        if os.environ.get("DATABASE_URL"):
            self._use_servers()
        else:
            copied_to(self.var)
        log = (self.var / "portal.log").open("ab")
        self._spawn([sys.executable, "manage.py", "portal"], log)
        wait_for(self._is_ready, 120)
        if SEED.exists():
            stored = self.settings.get("JURISDICTIONS", "cn,intl").split(",")
            variants = [(code, variant) for code, variant in (("cn", "1"), ("intl", "2")) if code in stored]
            self.shell(
                "from django.core.management import call_command\n"
                f"for jurisdiction, variant in {variants!r}:\n"
                f"    call_command('import_policy', {str(SEED)!r}, '--jurisdiction', jurisdiction, '--version', "
                f"{SEED_LABEL!r}, '--language', 'en', '--variant', variant, '--publish')"
            )

    def stop(self) -> None:
        """Stop everything and drop the databases."""
        if self._loads:
            self._loads.close()
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(30)
        for name in self.databases:
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def manage(self, *arguments: str) -> str:
        """Run one management command against this portal."""
        return _printed_by(self._loaded().manage(*arguments))

    def shell(self, code: str) -> str:
        """Run some lines inside this portal's Django."""
        return _printed_by(self._loaded().start(code))

    def messages(self, to: str) -> list[dict[str, str]]:
        """The messages that this portal sent to an address, oldest first."""
        found = [json.loads(path.read_text()) for path in sorted((self.var / "outbox").glob("*.json"))]
        return [message for message in found if message["to"] == to]

    def code_for(self, to: str, *, after: int = 0) -> str:
        """The code in the newest message to an address, after more than `after` messages."""
        wait_for(lambda: len([m for m in self.messages(to) if "code" in m]) > after)
        return [message for message in self.messages(to) if "code" in message][-1]["code"]

    def stores(self) -> Place:
        """Everything this portal keeps: dumps, files, Redis; not the outbox, which left the portal."""
        yield from files_below(self.var, without=[self.var / "outbox"])
        for name in self.databases:
            yield from postgres_dump(f"{self.server}/{name}")
        if self.redis_dir:
            subprocess.run(["redis-cli", "-u", self.environment["REDIS_URL"], "SAVE"], check=True, capture_output=True)
            yield from files_below(self.redis_dir)

    def server_files(self) -> Place:
        """PostgreSQL's own files: data, write-ahead log, server log; nothing where the portal is on SQLite."""
        if self.databases:
            yield from postgres_files(f"{self.server}/{self.databases[0]}", self.started_at)

    def _loaded(self) -> Loaded:
        """Return what has this portal loaded; it must have started once, since that makes its secrets."""
        self._loads = self._loads or Loaded(self.environment)
        return self._loads

    def _is_ready(self) -> bool:
        if self._processes[-1].poll() is not None:
            raise AssertionError((self.var / "portal.log").read_text())
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _use_servers(self) -> None:
        self.server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
        self.databases = [f"journeys_{kind}_{uuid.uuid4().hex[:8]}" for kind in ("data", "keys")]
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            for alias, name in zip(("default", "keys"), self.databases, strict=True):
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated_databases(self.server)[alias]}")
        self.environment |= {
            "PORTAL_ENV": "development",
            "DATABASE_URL": f"{self.server}/{self.databases[0]}",
            "KEYS_DATABASE_URL": f"{self.server}/{self.databases[1]}",
        }
        if shutil.which("redis-server"):
            self._start_redis()

    def _start_redis(self) -> None:
        port = free_port()
        self.redis_dir = self.var.parent / f"{self.var.name}-redis"
        self.redis_dir.mkdir()
        command = ["redis-server", "--port", str(port), "--dir", str(self.redis_dir), "--appendonly", "yes"]
        self._spawn(command, subprocess.DEVNULL)
        self.environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        wait_for(
            lambda: (
                subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True, check=False).stdout
                == b"PONG\n"
            )
        )

    def _spawn(self, command: list[str], output: object) -> None:
        self._processes.append(
            subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT)
        )
