"""Journal files of versions before segments: one file of signed lines for each chain, `erasures.jsonl`.

The next write splits the present file into segments; its lines, signatures and checkpoint do not change. Files that
were put aside after a restore, `erasures-<time>-<proof>.jsonl`, are read as they are.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from privacy.journal.errors import JournalDamaged
from privacy.journal.lines import SIGNATURE, Line, decoded, follows, keyed_hash, parsed
from privacy.journal.segments import PROOF_LENGTH
from privacy.journal.store import JournalStore

TAIL_BYTES = 8192


@dataclass(frozen=True)
class EarlierFile:
    """A file of lines; verifying it reads each line."""

    store: JournalStore
    chain: str
    name: str

    def exists(self) -> bool:
        """Whether there is such a file."""
        return self.store.exists(self.name)

    def last(self) -> Line | None:
        """Return the last whole line, or None where the file is missing or empty. Raises `JournalDamaged`."""
        with suppress(FileNotFoundError):
            whole = self.store.tail(self.name, TAIL_BYTES).rpartition(b"\n")[0]
            if whole:
                return parsed(whole.rpartition(b"\n")[2], self.chain, "its last line")
        return None

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Yield every whole line after a position, oldest first. Raises `JournalDamaged` for a malformed line."""
        with suppress(FileNotFoundError):
            for line in decoded(self.store.texts(self.name), self.chain, self.name):
                if line["position"] > after:
                    yield line

    def verified_lines(self, after: int = 0) -> Iterator[Line]:
        """Yield as `lines`, and raise `JournalDamaged` at any line that does not follow the one before."""
        before = self.chain
        for number, line in enumerate(self.lines(), 1):
            if not follows(line, before):
                raise JournalDamaged(self.chain, f"{self.name}, line {number}")
            before = str(line[SIGNATURE])
            if line["position"] > after:
                yield line

    def verify(self) -> Line | None:
        """Check every line; return the last one. Raises `JournalDamaged`."""
        last = None
        for last in self.verified_lines():  # noqa: B007 - the last one is returned
            pass
        return last

    def holds(self, position: int, signature: str) -> bool:
        """Whether there is a line at this position with this signature."""
        with suppress(JournalDamaged):
            return any(line["position"] == position and line.get(SIGNATURE) == signature for line in self.lines())
        return False

    def was_put_aside(self) -> bool:
        """Whether the portal put this file aside, unchanged: its name contains a keyed proof of its end."""
        with suppress(JournalDamaged):
            end = str((self.last() or {}).get(SIGNATURE, ""))
            proof = keyed_hash(f"put aside|{end}")[:PROOF_LENGTH]
            return self.name.removesuffix(".jsonl").rpartition("-")[2] == proof
        return False


def present_file(store: JournalStore, chain: str) -> EarlierFile:
    """Return the file that an earlier version wrote."""
    return EarlierFile(store, chain, f"{chain}.jsonl")


def files_put_aside(store: JournalStore, chain: str) -> list[EarlierFile]:
    """Return the files that an earlier version put aside, oldest first."""
    name = re.compile(rf"{chain}-[^-]+(-[^-]+)?\.jsonl")
    return [EarlierFile(store, chain, found) for found in store.names("") if name.fullmatch(found)]
