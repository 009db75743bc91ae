"""Rows of SQLite's tables: in the file a long value is split by page boundaries."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tools.traces.sources import CannotRead, Place, Source, Unseen, joined

# A damaged file also yields names and messages that are no UTF-8.
DAMAGED = (sqlite3.Error, UnicodeError)
MAGIC = b"SQLite format 3\0"


def is_database(path: Path) -> bool:
    """Whether a file is a database of SQLite."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def tables(label: str, path: Path) -> Place:
    """Yield the rows of every table, without writing files beside the database."""
    # Without a write-ahead log there is no writer, and SQLite would make one only to read.
    mode = "mode=ro" if Path(f"{path}-wal").exists() else "immutable=1"
    try:
        database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?{mode}", uri=True)
    except sqlite3.Error as error:
        yield _unseen(label, error)
        return
    database.text_factory = bytes
    try:
        names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
        for (name,) in names.fetchall():
            yield Source(f"{label}, table {name.decode()}", joined(_cells(database, name.decode())))
    except DAMAGED as error:
        yield _unseen(label, error)
    finally:
        database.close()


def _cells(database: sqlite3.Connection, table: str) -> Iterator[bytes]:
    quoted = table.replace('"', '""')
    try:
        for row in database.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 - a name out of the schema
            for cell in row:
                yield cell if isinstance(cell, bytes) else str(cell).encode()
    except DAMAGED as error:
        raise CannotRead(_why(error)) from None


def _unseen(label: str, error: Exception) -> Unseen:
    return Unseen(f"{label}, as tables", _why(error))


def _why(error: Exception) -> str:
    return f"cannot be read as a database ({type(error).__name__}): ask SQLite itself, with PRAGMA integrity_check."
