"""The journal of one chain: segments of at most a thousand signed lines, each an object of its own.

A segment is never changed. Later lines are written together with those of the last segment that is not full, as a
longer segment that replaces it. The name of a segment holds its positions and a keyed hash over them and its content,
so that one hash verifies a whole segment. The signature of its first line follows the last one of the segment before.
If a writer was stopped, a longer segment contains its segment, and the shorter one is not read.

After a restore the chain is written again, as the next generation. Earlier ones are put aside and kept.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from privacy.journal.errors import JournalDamaged
from privacy.journal.lines import SIGNATURE, Line, decoded, encoded, follows, keyed_hash, parsed
from privacy.journal.store import JournalStore

MOST_LINES = 1000
PROOF_LENGTH = 32
# How often a reader tries again if a writer replaced a segment meanwhile.
TRIES = 10
_SEGMENT = re.compile(r"(\d{4})-(\d{12})-(\d{12})-([0-9a-f]{32})\.jsonl")
_COMPLETE = re.compile(r"(\d{4})-complete")


@dataclass(frozen=True)
class Segment:
    """The lines of a generation from one position to another."""

    generation: int
    first: int
    last: int
    digest: str

    @property
    def name(self) -> str:
        """Its name in the chain's folder."""
        return f"{self.generation:04}-{self.first:012}-{self.last:012}-{self.digest}.jsonl"


@dataclass(frozen=True)
class Generation:
    """The segments of a chain, which follow one another from its first line on."""

    store: JournalStore
    chain: str
    number: int

    def segments(self) -> list[Segment]:
        """Return the segments, oldest first, without those that a longer one contains."""
        kept: list[Segment] = []
        for segment in sorted(self._all(), key=lambda segment: (segment.first, -segment.last)):
            if not kept or segment.last > kept[-1].last:
                kept.append(segment)
        return kept

    def last(self) -> Line | None:
        """Return the last line, or None if there is none. Raises `JournalDamaged`."""
        for _try in range(TRIES):
            segments = self.segments()
            if not segments:
                return None
            with suppress(FileNotFoundError):
                return self._last_line(self._content(segments[-1]), segments[-1].name)
        raise FileNotFoundError(segments[-1].name)

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Yield the lines after a position; each segment is checked to be whole. Raises `JournalDamaged`."""
        for segment, content in self._contents(after):
            yield from self._lines(segment, content, after)

    def verified_lines(self, after: int = 0) -> Iterator[Line]:
        """Yield as `lines`, and raise `JournalDamaged` if a segment does not follow the one before."""
        before = self.chain if after == 0 else None
        for segment, content in self._contents(after):
            before = self._follow(before, segment, content)
            yield from self._lines(segment, content, after)

    def verify(self) -> Line | None:
        """Check that every segment is whole and follows the one before; return the last line. Raises `JournalDamaged`.

        Two lines of each segment are read; the keyed hash in its name covers the others.
        """
        before, last = self.chain, None
        for segment, content in self._contents(0):
            before = self._follow(before, segment, content)
            last = self._last_line(content, segment.name)
        return last

    def extend(self, lines: Sequence[Line]) -> None:
        """Store signed lines after the last one, and delete the segments that longer ones now contain."""
        segments = self.segments()
        for block, group in groupby(lines, lambda line: _block(line["position"])):
            begun = segments[-1] if segments and _block(segments[-1].first) == block else None
            new = list(group)
            content = (self._content(begun) if begun else b"") + encoded(new)
            first, last = begun.first if begun else new[0]["position"], new[-1]["position"]
            digest = self._digest(first, last, content)
            self.store.write(self._path(Segment(self.number, first, last, digest).name), content)
        self._delete_contained()

    def write_last_again(self) -> None:
        """Store the last segment once more: its writer may have died before it was stored durably."""
        for segment in self.segments()[-1:]:
            self.store.write(self._path(segment.name), self._content(segment))

    def exists(self) -> bool:
        """Whether there is a segment."""
        return bool(self._all())

    def holds(self, position: int, signature: str) -> bool:
        """Whether there is a line at this position with this signature."""
        with suppress(JournalDamaged):
            for line in self.lines(after=position - 1):
                if line["position"] >= position:
                    return bool(line["position"] == position and line.get(SIGNATURE) == signature)
        return False

    def put_aside(self, *, is_verified: bool) -> None:
        """Mark this generation: the next one is about to replace it.

        The mark of a verified one proves that the portal made it: a copied generation cannot have such a mark.
        """
        mark = f"aside-{self._proof()}" if is_verified else "unverified"
        self.store.write(self._path(f"{self.number:04}-{mark}"), b"")

    def was_put_aside(self) -> bool:
        """Whether the portal put this generation aside, unchanged."""
        with suppress(JournalDamaged):
            return f"{self.number:04}-aside-{self._proof()}" in self.store.names(self.chain)
        return False

    def is_unverified(self) -> bool:
        """Whether this generation was put aside because it was damaged or cut: it is not read any more."""
        return f"{self.number:04}-unverified" in self.store.names(self.chain)

    def begin(self) -> None:
        """Delete what an interrupted writer of this generation left behind."""
        for name in self.store.names(self.chain):
            if name.startswith(f"{self.number:04}-"):
                self.store.delete(self._path(name))

    def complete(self) -> None:
        """Make this generation the present one."""
        self.store.write(self._path(f"{self.number:04}-complete"), b"")

    def _all(self) -> list[Segment]:
        found = [match for name in self.store.names(self.chain) if (match := _SEGMENT.fullmatch(name))]
        segments = [Segment(int(match[1]), int(match[2]), int(match[3]), match[4]) for match in found]
        return [segment for segment in segments if segment.generation == self.number]

    def _delete_contained(self) -> None:
        kept = self.segments()
        # A second segment with the same positions was planted: an investigation needs both.
        spans = {(segment.first, segment.last) for segment in kept}
        for segment in self._all():
            if (segment.first, segment.last) not in spans:
                self.store.delete(self._path(segment.name))

    def _contents(self, after: int) -> Iterator[tuple[Segment, bytes]]:
        """Yield the segments that end after a position, with their content, which is whole."""
        left, tries = [segment for segment in self.segments() if segment.last > after], TRIES
        while left:
            try:
                content = self._content(left[0])
            except FileNotFoundError:
                if not (tries := tries - 1):
                    raise
                left = [segment for segment in self.segments() if segment.last > after]
                continue
            segment = left.pop(0)
            after = segment.last
            yield segment, content

    def _content(self, segment: Segment) -> bytes:
        content = self.store.read(self._path(segment.name))
        if not hmac.compare_digest(segment.digest, self._digest(segment.first, segment.last, content)):
            raise JournalDamaged(self.chain, segment.name)
        return content

    def _lines(self, segment: Segment, content: bytes, after: int) -> Iterator[Line]:
        lines = decoded(content.splitlines(keepends=True), self.chain, segment.name)
        return (line for line in lines if line["position"] > after)

    def _follow(self, before: str | None, segment: Segment, content: bytes) -> str:
        """Return the last signature of a segment, whose first line must follow `before`; None skips that."""
        first = parsed(content.partition(b"\n")[0], self.chain, f"{segment.name}, line 1")
        if before is not None and not follows(first, before):
            raise JournalDamaged(self.chain, f"{segment.name} does not follow the segment before it")
        return str(self._last_line(content, segment.name)[SIGNATURE])

    def _last_line(self, content: bytes, name: str) -> Line:
        return parsed(content[content.rfind(b"\n", 0, -1) + 1 :], self.chain, f"{name}, its last line")

    def _digest(self, first: int, last: int, content: bytes) -> str:
        content_of_name = f"segment|{self.chain}|{self.number}|{first}|{last}|{hashlib.sha256(content).hexdigest()}"
        return keyed_hash(content_of_name)[:PROOF_LENGTH]

    def _proof(self) -> str:
        """Return a keyed proof of this generation's end."""
        end = str((self.last() or {}).get(SIGNATURE, ""))
        return keyed_hash(f"put aside|{end}")[:PROOF_LENGTH]

    def _path(self, name: str) -> str:
        return f"{self.chain}/{name}"


def present_generation(store: JournalStore, chain: str) -> Generation:
    """Return the newest generation that is complete."""
    complete = [match for name in store.names(chain) if (match := _COMPLETE.fullmatch(name))]
    return Generation(store, chain, max((int(match[1]) for match in complete), default=0))


def _block(position: int) -> int:
    """Return the number of the segment of a line: it does not depend on who writes it."""
    return (position - 1) // MOST_LINES
