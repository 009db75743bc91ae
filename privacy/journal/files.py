"""One journal file: lines of JSON that are only ever appended, each ending with a newline and signed.

The signature of a line (HMAC-SHA256 under a key of the house) covers the line and the signature of the one before: no
line is changed, dropped or moved unnoticed. That the end was cut is known to the keys database: see `heads`.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from privacy.encryption.keys import house_key
from privacy.journal.faults import JournalDamaged

Line = Mapping[str, Any]
TAIL_BYTES = 8192
JOURNAL_KEY = "journal"
SIGNATURE = "mac"
PROOF_LENGTH = 32
# How the names of files begin that were put aside and that nobody reads any more.
UNVERIFIED = "unverified-"


class JournalFile:
    """The lines of one chain. Writers of several processes take turns by a lock on the file."""

    def __init__(self, path: Path, chain: str) -> None:
        self.path = path
        self.chain = chain

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the file for writing; yield its descriptor. A line that a crash cut short is taken away first."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = self._open_locked()
        try:
            _drop_torn_line(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)

    def exists(self) -> bool:
        """Whether there is such a file, with lines or without. Raises `OSError` where nobody may look."""
        return self.path.exists()

    def last(self) -> Line | None:
        """Return the last whole line, or None where the file is missing or empty. Raises `JournalDamaged`."""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            whole = file.read().rpartition(b"\n")[0]
            if whole:
                return self._parsed(whole.rpartition(b"\n")[2], "its last line")
        return None

    def lines(self) -> Iterator[Line]:
        """Yield every whole line, oldest first, as it stands there. Raises `JournalDamaged` for what is no line."""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            for number, text in enumerate(file, 1):
                if text.endswith(b"\n"):
                    yield self._parsed(text, f"{self.path.name}, line {number}")

    def verified_lines(self) -> Iterator[Line]:
        """Yield every whole line whose signature follows the one before. Raises `JournalDamaged` at any other."""
        signature = self.chain
        for number, line in enumerate(self.lines(), 1):
            expected = _signature(line, signature)
            signature = str(line.get(SIGNATURE, ""))
            if not hmac.compare_digest(signature.encode(), expected.encode()):
                raise JournalDamaged(self.chain, f"{self.path.name}, line {number}")
            yield line

    def archives(self) -> list["JournalFile"]:
        """Return the files of this chain that were put aside, oldest first."""
        found = sorted(self.path.parent.glob(f"{self.path.stem}-*{self.path.suffix}"))
        return [JournalFile(path, self.chain) for path in found]

    def put_aside(self, stamp: str, *, is_verified: bool) -> None:
        """Keep the file under another name, too: another one is about to take its place.

        The name of a verified one proves that we did it. Who copies the present file cannot make such a name.
        """
        name = f"{self.path.stem}-{stamp}-{self._proof()}" if is_verified else f"{UNVERIFIED}{self.path.stem}-{stamp}"
        os.link(self.path, self.path.with_name(name + self.path.suffix))

    def was_put_aside(self) -> bool:
        """Whether this is a file that we put aside, as it was then."""
        with suppress(JournalDamaged):
            return self.path.stem.rpartition("-")[2] == self._proof()
        return False

    def _proof(self) -> str:
        """Return what only we can say of the file's end."""
        end = str((self.last() or {}).get(SIGNATURE, ""))
        return hmac.new(house_key(JOURNAL_KEY), f"put aside|{end}".encode(), hashlib.sha256).hexdigest()[:PROOF_LENGTH]

    def _open_locked(self) -> int:
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Whoever held the lock may have put another file in this one's place.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), self.path.stat()):
                    return descriptor
            os.close(descriptor)

    def _parsed(self, text: bytes, where: str) -> Line:
        try:
            line = json.loads(text)
        except ValueError:
            raise JournalDamaged(self.chain, where) from None
        if not isinstance(line, dict) or not isinstance(line.get("position"), int) or "hash" not in line:
            raise JournalDamaged(self.chain, where)
        return line


def signed(lines: Iterable[Line], chain: str, before: Line | None) -> list[Line]:
    """Return lines with their signatures, which follow that of the line before."""
    done: list[Line] = []
    signature = str(before[SIGNATURE]) if before else chain
    for line in lines:
        signature = _signature(line, signature)
        done.append({**line, SIGNATURE: signature})
    return done


def append(descriptor: int, lines: list[Line]) -> None:
    """Write lines to a locked file and wait until the disk has them."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    data = memoryview(text.encode())
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _signature(line: Line, before: str) -> str:
    content = {name: value for name, value in line.items() if name != SIGNATURE}
    text = json.dumps([before, content], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(house_key(JOURNAL_KEY), text.encode(), hashlib.sha256).hexdigest()


def _drop_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, TAIL_BYTES, max(0, size - TAIL_BYTES))
    torn = len(tail) - (tail.rfind(b"\n") + 1)
    if torn:
        os.ftruncate(descriptor, size - torn)
