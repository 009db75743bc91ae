"""Servers of the suite's own, to stop and kill."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from tests.environment import SERVER
from tests.migrated import migrated_databases


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def silent_server() -> Iterator[int]:
    """Yield the port of a server that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as server:
        yield int(server.getsockname()[1])


class OwnRedis:
    """A Redis without persistence, unless options say otherwise: killed, it forgets everything."""

    def __init__(self, folder: Path, *options: str, address: str = "127.0.0.1") -> None:
        self.folder = folder
        self.options = options
        self.address = address
        self.port = free_port()
        self.url = f"redis://{address}:{self.port}/0"

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            self.address,
            "--protected-mode",
            "no",
            "--save",
            "",
            "--dir",
            str(self.folder),
            *self.options,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url)
        for _ in range(100):
            try:
                if client.ping():
                    return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise TimeoutError("Redis does not start.")

    def kill(self) -> None:
        """Kill the server: it is away until it is started."""
        self.process.kill()
        self.process.wait()

    def kill_and_start(self) -> None:
        """Kill the server; it comes back empty."""
        self.kill()
        time.sleep(0.5)
        self.start()

    def flush(self) -> None:
        """Take every message away."""
        redis.Redis.from_url(self.url).flushall()


class OwnPostgres:
    """A PostgreSQL cluster with full durability, run by a user who is not root; `options` as on its command line.

    Not below pytest's folder: every pytest that starts shuts that to other users again, and a running server with it.
    """

    def __init__(self, *options: str, address: str = "127.0.0.1") -> None:
        self.address = address
        self.folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
        self.options = options
        self.port = free_port()
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"))

    def __enter__(self) -> Self:
        """Make and start it."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._as_postgres("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
        with (self.folder / "pg_hba.conf").open("a") as allowed:
            allowed.write("host all all samenet trust\n")
        self.start()
        for name in ("portal", "portal_keys"):
            command = ["createdb", "-h", self.address, "-p", str(self.port), "-U", "postgres", name]
            subprocess.run(command, check=True)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it for good."""
        self.stop_at_once()
        shutil.rmtree(self.folder)

    def environment(self) -> dict[str, str]:
        """Return the two addresses."""
        server = f"postgres://postgres@{self.address}:{self.port}"
        return {"DATABASE_URL": f"{server}/portal", "KEYS_DATABASE_URL": f"{server}/portal_keys"}

    def fill(self) -> None:
        """Fill both databases with what those of a new portal hold, dumped on the server that the tests run on."""
        migrated = migrated_databases(SERVER)
        for alias, address in zip(("default", "keys"), self.environment().values(), strict=True):
            dump = [self.bin / "pg_dump", "--no-owner", f"{SERVER}/{migrated[alias]}"]
            dumped = subprocess.run(dump, check=True, capture_output=True).stdout
            filled = [self.bin / "psql", "--quiet", "--output", os.devnull, "--set", "ON_ERROR_STOP=on", address]
            subprocess.run(filled, check=True, input=dumped)

    def start(self) -> None:
        """Start the cluster; it recovers from its write-ahead log."""
        options = " ".join([f"-p {self.port} -h {self.address} -k {self.folder}", *self.options])
        self._as_postgres("pg_ctl", "start", "--wait", "--log", str(self.folder / "log"), "--options", options)

    def stop_at_once(self) -> None:
        """Stop the cluster as a crash would, without a checkpoint."""
        self._as_postgres("pg_ctl", "stop", "--mode", "immediate")

    def _as_postgres(self, tool: str, *arguments: str) -> None:
        command = [str(self.bin / tool), *arguments, "--pgdata", str(self.folder)]
        prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
