"""Finds what is left of a person: every value, in every encoding that a store may keep it in."""

import base64
import contextlib
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg


def encodings(value: str) -> Iterator[bytes]:
    """Yield the byte forms in which a value would betray itself."""
    for text in {value, value.casefold(), value.upper()}:
        plain = text.encode()
        yield plain
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        # A value inside a longer text stands at one of three offsets of base64's groups of three bytes.
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + plain)
            yield encoded[(0, 2, 3)[offset] : len(encoded) - 4]
        yield text.encode("unicode_escape")


def traces(haystacks: Iterable[tuple[str, bytes]], values: Iterable[str]) -> list[str]:
    """Return a line for each value found, in whatever case: where, and which value."""
    needles = {needle.lower(): value for value in values for needle in encodings(value) if len(needle) >= 4}
    found = set()
    for where, haystack in haystacks:
        folded = haystack.lower()
        found |= {f"{value!r} in {where}" for needle, value in needles.items() if needle in folded}
    return sorted(found)


def files_below(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every readable file below some folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path), path.read_bytes()


def postgres_dump(url: str) -> bytes:
    """Return an SQL dump of a PostgreSQL database."""
    return subprocess.run(["pg_dump", "--dbname", url], check=True, capture_output=True).stdout


def postgres_files(url: str, since: float) -> Iterator[tuple[str, bytes]]:
    """Yield the data files, write-ahead log and server log of a local PostgreSQL that changed since a time.

    What is still in memory is written first. Reads the files directly, so it needs the right to.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        folder = Path(connection.execute("SHOW data_directory").fetchone()[0])
        log = Path("/var/log/postgresql")
    for path in [*folder.rglob("*"), *(log.glob("*.log") if log.exists() else [])]:
        with contextlib.suppress(FileNotFoundError):  # PostgreSQL recycles files while we look
            if path.is_file() and path.stat().st_mtime >= since:
                yield str(path), path.read_bytes()
