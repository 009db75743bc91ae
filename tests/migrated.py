"""Databases that were migrated, made once: tests load them, and portals of their own begin with a copy.

Those of other code are removed after a day. On PostgreSQL they are databases named `portal_migrated_…`.
"""

import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "migrated"
KEPT_SECONDS = 24 * 60 * 60
FILES = {"default": "portal.sqlite3", "keys": "keys.sqlite3"}


@functools.cache
def migrated_folder() -> Path:
    """Return a `PORTAL_VAR` whose databases of SQLite are migrated; one process makes it, and others wait."""
    made = FOLDER / _version()
    with _one_at_a_time():
        if not made.exists():
            for other in FOLDER.glob("*/"):
                if time.time() - other.stat().st_mtime > KEPT_SECONDS:  # else another run may still copy it
                    shutil.rmtree(other)
            _make(made)
    return made


@functools.cache
def migrated_databases(server: str) -> dict[str, str]:
    """Return the names of two migrated databases on a server; one process makes them, and others wait.

    `server` is the address of PostgreSQL without a database, such as `postgres://postgres@127.0.0.1:5432`.
    """
    names = _names_of_databases()
    with _one_at_a_time(), psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        if not _exists(connection, names["default"]):
            _drop_old(connection)
            making = {alias: f"{name}_making" for alias, name in names.items()}
            for name in (*names.values(), *making.values()):
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # of a run that was killed
            for name in making.values():
                connection.execute(f"CREATE DATABASE {name}")
            _migrate(PORTAL_ENV="development", **addresses(server, making))
            for alias in ("keys", "default"):  # the second one says that both are there
                connection.execute(f"COMMENT ON DATABASE {making[alias]} IS '{int(time.time())}'")
                connection.execute(f"ALTER DATABASE {making[alias]} RENAME TO {names[alias]}")
    return names


def addresses(server: str, names: dict[str, str]) -> dict[str, str]:
    """Return the environment of a portal on two databases of a server."""
    return {"DATABASE_URL": f"{server}/{names['default']}", "KEYS_DATABASE_URL": f"{server}/{names['keys']}"}


def copied_to(folder: Path) -> Path:
    """Make a folder the `PORTAL_VAR` of a portal of its own, and return it."""
    shutil.copytree(migrated_folder(), folder, dirs_exist_ok=True)
    return folder


def load_into_memory(alias: str) -> sqlite3.Connection:
    """Fill the database that Django makes for tests; it stays as long as the connection."""
    held = sqlite3.connect(f"file:memorydb_{alias}?mode=memory&cache=shared", uri=True)
    with closing(sqlite3.connect(migrated_folder() / FILES[alias])) as migrated:
        migrated.backup(held)
    return held


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _names_of_databases() -> dict[str, str]:
    return {alias: f"portal_migrated_{alias}_{_version()}" for alias in FILES}


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop_old(connection: psycopg.Connection) -> None:
    """Drop databases of other code that were made a day ago: a run that copies them has ended since."""
    made = connection.execute("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database").fetchall()
    for name, at in made:
        if name.startswith("portal_migrated_") and at and time.time() - int(at) > KEPT_SECONDS:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@functools.cache
def _version() -> str:
    """Return the hash of all code that may say what is in a new database."""
    digest = hashlib.sha256(sys.version.encode())
    code = [file for package in ("accounts", "portal", "privacy") for file in (ROOT / package).rglob("*.py")]
    for file in sorted([ROOT / "requirements.txt", *code]):
        digest.update(f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:20]


def _make(folder: Path) -> None:
    making = folder.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)  # of a run that was killed
    _migrate(PORTAL_ENV="embedded", PORTAL_VAR=str(making))
    for name in FILES.values():
        with closing(sqlite3.connect(making / name)) as database:
            database.execute("PRAGMA journal_mode=DELETE")  # what is in memory has no write-ahead log
    making.rename(folder)


def _migrate(**environment: str) -> None:
    with tempfile.TemporaryDirectory() as var:
        environment = {"PATH": os.environ["PATH"], "PORTAL_VAR": var, **environment}
        subprocess.run([sys.executable, "-m", "tests.migrated"], env=environment, cwd=ROOT, check=True)


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    for alias in ("keys", "default"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("createcachetable", verbosity=0)
