"""Finds what is left of a person: every value, in every encoding that a store may keep it in."""

import base64
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path


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
    """Return a line for each value found: where, and which value."""
    needles = {needle: value for value in values for needle in encodings(value) if len(needle) >= 4}
    return [
        f"{value!r} in {where}"
        for where, haystack in haystacks
        for needle, value in needles.items()
        if needle in haystack or needle.lower() in haystack.lower()
    ]


def files_below(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every readable file below some folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path), path.read_bytes()


def postgres_dump(url: str) -> bytes:
    """Return an SQL dump of a PostgreSQL database."""
    return subprocess.run(["pg_dump", "--dbname", url], check=True, capture_output=True).stdout
