"""What a place yields to the search: a source to read, or a part that could not be read."""

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

CHUNK = 1 << 20
# `ValueError` also for names that cannot be decoded, `LookupError` and `struct.error` for invalid offsets; `zipfile`
# raises a `RuntimeError` for an unknown compression.
DAMAGED = (
    *(OSError, EOFError, ValueError, LookupError, struct.error, zlib.error, lzma.LZMAError),
    *(tarfile.TarError, zipfile.BadZipFile, RuntimeError),
)


class CannotRead(Exception):
    """A source could not be read to its end; the message has the reason and the remedy."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""


@dataclass(frozen=True)
class Source:
    """Bytes to search: `label` says where they are; `heading` begins the lines that name what follows them.

    `original` turns an offset in these bytes into one in the file they came from.
    """

    label: str
    chunks: Iterable[bytes]
    heading: bytes = b""
    original: Callable[[int], int] = int


@dataclass(frozen=True)
class Unseen:
    """A place that could not be searched, with reason and remedy."""

    label: str
    why: str


Place = Iterator[Source | Unseen]


def chunks_of(stream: Readable) -> Iterator[bytes]:
    """Yield a stream piece by piece. Raises `CannotRead`."""
    try:
        while chunk := stream.read(CHUNK):
            yield chunk
    except DAMAGED as error:
        raise CannotRead(reason(error)) from None


def joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield many small pieces, each on its own line, as few large ones."""
    gathered = bytearray()
    for piece in pieces:
        gathered += piece + b"\n"
        if len(gathered) >= CHUNK:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


def reason(error: Exception) -> str:
    """Return the reason of an error in the system's words, never in words that may quote data."""
    if isinstance(error, PermissionError):
        return "may not be read by this user: run the command as one who may."
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}."
    return f"is damaged ({type(error).__name__}): unpack it by hand, and name the folder with --also."
