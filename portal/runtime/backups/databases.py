"""Dump and restore one database: `pg_dump` and `pg_restore`, or SQLite's own backup."""

import os
import sqlite3
import subprocess
from pathlib import Path

from django.db import connections


class BackupFailed(Exception):
    """A program is missing or failed; the message has its name and its error."""


def dump(alias: str, target: Path) -> None:
    """Write a consistent copy of a database to a file, while the portal runs. Raises `BackupFailed`."""
    if connections[alias].vendor == "postgresql":
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], alias)
    else:
        source = sqlite3.connect(connections[alias].settings_dict["NAME"])
        _copy(source, sqlite3.connect(target))
    target.chmod(0o600)


def is_readable(alias: str, source: Path) -> bool:
    """Whether a file is a complete backup of this kind of database."""
    if connections[alias].vendor == "postgresql":
        listing = subprocess.run(["pg_restore", "--list", str(source)], capture_output=True, check=False)  # noqa: S603, S607
        return listing.returncode == 0
    database = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        return bool(database.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
    finally:
        database.close()


def restore(alias: str, source: Path) -> None:
    """Restore a database; its present content is deleted. Raises `BackupFailed`."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        _run(["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", str(source)], alias)
    else:
        connection.close()
        _copy(sqlite3.connect(source), sqlite3.connect(connection.settings_dict["NAME"]))


def client_command(program: str, alias: str) -> tuple[list[str], dict[str, str]]:
    """Return the command of one of PostgreSQL's programs for a database, and its environment."""
    given = connections[alias].settings_dict
    places = {"host": "HOST", "port": "PORT", "username": "USER", "dbname": "NAME"}
    options = [f"--{option}={given[key]}" for option, key in places.items() if given.get(key)]
    # Not in the command line, where every process could read it.
    password = {"PGPASSWORD": str(given["PASSWORD"])} if given.get("PASSWORD") else {}
    return [program, *options], {**os.environ, **password}


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


def _run(command: list[str], alias: str) -> None:
    program, environment = client_command(command[0], alias)
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [*program, *command[1:]], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise BackupFailed(f"{command[0]} is not installed: install PostgreSQL's client tools.") from None
    if done.returncode:
        raise BackupFailed(f"{command[0]}: {done.stderr.strip()}")
