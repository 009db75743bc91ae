"""PostgreSQL: a dump through a pipe, and on this machine its data files, write-ahead log and server log."""

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.runtime.backups.databases import client_command
from tools.traces.folders import folder
from tools.traces.packed import TABLE
from tools.traces.programs import output_of
from tools.traces.sources import CannotRead, Place, Source, Unseen, reason
from tools.traces.write_ahead_log import is_segment, segment

NUMBER = "SELECT oid::text FROM pg_database WHERE datname = current_database()"
SYSTEM = "SELECT system_identifier::text FROM pg_control_system()"
THERE = "run the command on its machine as one who may read them, or name a copy with --also."
ROLE = "GRANT pg_read_all_settings TO the portal's role, or name the folder with --also."


@dataclass
class _Servers:
    """The servers on this machine: folders with the ids of the databases in them, and logs."""

    folders: dict[Path, set[str]] = field(default_factory=dict)
    logs: dict[Path, None] = field(default_factory=dict)


def dump(alias: str) -> Place:
    """Yield a dump of one database, which is never written to a disk."""
    command, environment = client_command("pg_dump", alias)
    yield Source(f"dump of {alias}", output_of(command, environment), heading=TABLE)


def files(aliases: list[str]) -> Place:
    """Yield the files of the servers of some databases on this machine, each server once.

    Files of other databases are left out; all databases share the write-ahead log.
    """
    servers = _Servers()
    for alias in aliases:
        with closing(connections.create_connection(alias)) as connection:
            try:
                yield from _learn(servers, alias, connection)
            except CannotRead as error:
                yield Unseen(f"data files of {alias}", str(error))
            except DatabaseError:
                yield Unseen(f"data files of {alias}", f"may not be asked for: {ROLE}")
            except OSError as error:
                yield Unseen(f"data files of {alias}", reason(error))
    for data, numbers in servers.folders.items():
        yield from _data_files(data, numbers)
    for log in servers.logs:
        for file in [log] if log.is_dir() else sorted(log.parent.glob(f"{log.name}*")):
            yield from folder("server log", file)


def _learn(servers: _Servers, alias: str, connection: BaseDatabaseWrapper) -> Iterator[Unseen]:
    """Record the folders of a server, and yield those on another machine. Raises `CannotRead`, `DatabaseError`."""
    data = Path(_ask(connection, "SHOW data_directory"))
    _require_here(data, connection)
    servers.folders.setdefault(data, set()).add(_ask(connection, NUMBER))
    if log := _log(data, connection):
        servers.logs[log] = None
    else:
        yield Unseen(f"server log of {alias}", "goes to no file: name what keeps it with --also.")
    if _ask(connection, "SHOW archive_mode") != "off":
        yield Unseen(f"archive of the write-ahead log of {alias}", "is somewhere else: name it with --also.")
    if _ask(connection, "SHOW wal_compression") != "off":
        yield Unseen(f"pages in the write-ahead log of {alias}", "are packed: SET wal_compression = off.")
    _write_down(connection)


def _require_here(data: Path, connection: BaseDatabaseWrapper) -> None:
    """Raise `CannotRead` where a folder is not the server's: another machine may have one with the same name."""
    try:
        with (data / "global" / "pg_control").open("rb") as file:
            found = int.from_bytes(file.read(8), sys.byteorder)
    except (FileNotFoundError, NotADirectoryError):
        found = 0
    if found != int(_ask(connection, SYSTEM)):
        raise CannotRead(f"are on another machine: {THERE}")


def _log(data: Path, connection: BaseDatabaseWrapper) -> Path | None:
    """Return the folder or file of the server's log; for its standard error the kernel is asked."""
    if _ask(connection, "SHOW logging_collector") == "on":
        return data / _ask(connection, "SHOW log_directory")
    process = (data / "postmaster.pid").read_text().split(maxsplit=1)[0]
    target = Path(f"/proc/{process}/fd/2").readlink()
    return target if target.is_file() else None


def _write_down(connection: BaseDatabaseWrapper) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
    except DatabaseError:  # it needs a right; data not in the data files is in the write-ahead log
        return


def _data_files(data: Path, numbers: set[str]) -> Place:
    wal = data / "pg_wal"
    strangers = [path for path in _databases(data) if path.name.isdigit() and path.name not in numbers]
    yield from folder("data files", data, without=strangers, only=lambda path: not is_segment(path))
    try:
        for path in sorted(wal.iterdir()):
            if is_segment(path):
                yield segment("write-ahead log", path)
    except OSError as error:
        yield Unseen(f"write-ahead log: {wal}", reason(error))


def _databases(data: Path) -> Iterator[Path]:
    yield from data.glob("base/*")
    yield from data.glob("pg_tblspc/*/PG_*/*")


def _ask(connection: BaseDatabaseWrapper, question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])
