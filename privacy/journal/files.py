"""One journal file: lines of JSON that are only ever appended, each ending with a newline."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]
TAIL_BYTES = 8192


class JournalFile:
    """The lines of one chain. Writers of several processes take turns by a lock on the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the file for writing; yield its descriptor. A line that a crash cut short is taken away first."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _drop_torn_line(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)

    def last(self) -> Line | None:
        """Return the last whole line, or None where the file is missing or empty."""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            whole = file.read().rpartition(b"\n")[0]
            if whole:
                last: Line = json.loads(whole.rpartition(b"\n")[2])
                return last
        return None

    def lines(self) -> Iterator[Line]:
        """Yield every whole line, oldest first."""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield json.loads(line)

    def archive(self, name: str) -> Path | None:
        """Move the file aside under another name beside it; return where, or None where there is none."""
        target = self.path.with_name(name)
        with suppress(FileNotFoundError):
            return self.path.rename(target)
        return None


def append(descriptor: int, lines: list[Line]) -> None:
    """Write lines to a locked file and wait until the disk has them."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    data = memoryview(text.encode())
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _drop_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, TAIL_BYTES, max(0, size - TAIL_BYTES))
    torn = len(tail) - (tail.rfind(b"\n") + 1)
    if torn:
        os.ftruncate(descriptor, size - torn)
