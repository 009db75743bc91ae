"""Search the places piece by piece, and report where a value is, never the value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.traces.encodings import forms
from tools.traces.needles import Needle, Needles
from tools.traces.sources import CannotRead, Place, Source, Unseen

# Mail and base64 have line breaks anywhere: chunks are also searched without them.
BREAKS = re.compile(rb"\?=\r?\n?[ \t]+=\?[\w-]{3,20}\?[bq]\?|=\r?\n|\r?\n[ \t]*", re.IGNORECASE)
LOOKS_BROKEN = re.compile(rb"\n(?<=[\w+/-]{20}\n)|\n(?<=[\w+/-]{20}\r\n)|\?= =\?")
SOFT_BREAKS = (b"=\n", b"=\r\n")
# More than line breaks add to the longest needle: base64 breaks every 60 to 76 characters.
SLACK = 3
HEADING_LENGTH = 200
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Finding:
    """The place of a value, without the value and its context."""

    label: str
    offset: int
    encoding: str
    line: int
    may_be_chance: bool


@dataclass
class Search:
    """A search for the values of some lines; counts the bytes read."""

    needles: Needles
    read: int = 0

    @classmethod
    def for_values(cls, values: Mapping[int, str]) -> "Search":
        """Prepare a search for values by the numbers of their lines."""
        return cls(Needles([Needle(line, form) for line, value in values.items() for form in forms(value)]))

    def results(self, place: Place) -> Iterator[Finding | Unseen | None]:
        """Yield findings and unsearched parts of a place, and None after each piece."""
        for item in place:
            if isinstance(item, Unseen):
                yield Unseen(self._safe_label(item.label), self._safe_label(item.why))
                continue
            try:
                yield from self._findings(item)
            except CannotRead as error:
                yield Unseen(self._safe_label(item.label), self._safe_label(str(error)))

    def _findings(self, source: Source) -> Iterator[Finding | None]:
        """Yield each value in a source or its name, once for each encoding, with its first offset."""
        for needle, _at in self.needles.found_in(source.label.encode(errors="surrogateescape")):
            yield self._finding(f"the name of {source.label}", 0, needle)
        seen: set[tuple[int, str]] = set()
        for found in self._found(source):
            if found is None:
                yield None
                continue
            label, offset, needle = found
            if (needle.line, needle.form.encoding) not in seen:
                seen.add((needle.line, needle.form.encoding))
                yield self._finding(label, source.original(offset), needle)

    def _found(self, source: Source) -> Iterator[tuple[str, int, Needle] | None]:
        overlap, kept, start, heading = self.needles.longest * SLACK, b"", 0, ""
        for piece in source.chunks:
            self.read += len(piece)
            chunk = kept + piece
            for needle, at in self._both_ways(chunk):
                yield f"{source.label}{_heading(chunk, source.heading, at) or heading}", start + at, needle
            yield None
            heading = _heading(chunk, source.heading, len(chunk)) or heading
            kept = chunk[-overlap:]
            start += len(chunk) - len(kept)

    def _both_ways(self, chunk: bytes) -> list[tuple[Needle, int]]:
        found = list(self.needles.found_in(chunk))
        if any(sign in chunk for sign in SOFT_BREAKS) or LOOKS_BROKEN.search(chunk):
            unbroken = self.needles.found_in(BREAKS.sub(b"", chunk))
            found += [(needle, _with_breaks(chunk, at)) for needle, at in unbroken]
        return sorted(found, key=lambda each: each[1])

    def _finding(self, label: str, offset: int, needle: Needle) -> Finding:
        return Finding(self._safe_label(label), offset, needle.form.encoding, needle.line, needle.form.may_be_chance)

    def _safe_label(self, label: str) -> str:
        """Return a label without parts that contain a value, such as a file named after a person."""
        parts = label.split("/")
        safe = "/".join(HIDDEN if self._holds_a_value(part) else part for part in parts)
        if self._holds_a_value(safe):
            safe = HIDDEN
        return "".join(letter if letter.isprintable() else "?" for letter in safe)

    def _holds_a_value(self, text: str) -> bool:
        return any(True for _found in self.needles.found_in(text.encode(errors="surrogateescape")))


def _heading(chunk: bytes, begins: bytes, before: int) -> str:
    """Return the name in the last heading line before an offset, such as a table in a dump."""
    at = chunk.rfind(begins, 0, before) if begins else -1
    if at < 0:
        return ""
    words = chunk[at + len(begins) : at + len(begins) + HEADING_LENGTH].split(b" ", 1)
    return f", table {words[0].decode(errors='replace')}"


def _with_breaks(chunk: bytes, at: int) -> int:
    """Return the offset in a chunk of an offset in the chunk without line breaks."""
    for found in BREAKS.finditer(chunk):
        if found.start() > at:
            break
        at += len(found.group())
    return at
