"""Searches thousands of needles at once; the speed does not depend on their number.

A needle of at least w + 3 bytes contains, at any offset, one word of w bytes that begins at a multiple of four. So it
is enough to look up each such word of a chunk in a dictionary, which Python does in C, and to compare the whole needle
where the word is known.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.traces.encodings import Form

# Eight bytes first: four occur by chance in hexadecimal digits.
WIDTHS: dict[int, Literal["Q", "I"]] = {8: "Q", 4: "I"}
STEP = 4
FEWEST_DIFFERENT_BYTES = 3
# A long needle is indexed by its beginning, and compared as a whole.
INDEXED = 96


@dataclass(frozen=True, slots=True)
class Needle:
    """A form of the value in one line of the input."""

    line: int
    form: Form


class Needles:
    """An index of needles; `longest` is the length of the longest."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self.longest = max((len(needle.form.needle) for needle in needles), default=1)
        self._words: dict[str, dict[int, list[Needle]]] = {}
        self._short = list(needles)
        for width, kind in WIDTHS.items():
            self._words[kind] = _index([needle for needle in self._short if _fits(needle, width)], width)
            self._short = [needle for needle in self._short if not _fits(needle, width)]

    def found_in(self, chunk: bytes) -> Iterator[tuple[Needle, int]]:
        """Yield each needle in a chunk, with its first offset."""
        lowered = chunk.lower()
        for needle in self._candidates(lowered):
            at = (chunk if needle.form.exact else lowered).find(needle.form.needle)
            if at >= 0:
                yield needle, at

    def _candidates(self, lowered: bytes) -> Iterable[Needle]:
        found = dict.fromkeys(self._short)
        for width, kind in WIDTHS.items():
            index = self._words[kind]
            for first in range(0, width, STEP) if index else ():
                end = first + (len(lowered) - first) // width * width
                for word in index.keys() & memoryview(lowered)[first:end].cast(kind) if end > first else ():
                    found |= dict.fromkeys(index[word])
        return found


def _fits(needle: Needle, width: int) -> bool:
    return len(needle.form.needle) >= width + STEP - 1


def _index(needles: Sequence[Needle], width: int) -> dict[int, list[Needle]]:
    """Index each needle by as many neighbouring words as a step is wide, by the rarest ones."""
    index: dict[int, list[Needle]] = defaultdict(list)
    common = Counter(word for needle in needles for word in _words(needle, width))
    for needle in needles:
        words = _words(needle, width)
        rarity = [(len(set(word)) < FEWEST_DIFFERENT_BYTES, common[word]) for word in words]
        start = min(range(len(words) - STEP + 1), key=lambda first: max(rarity[first : first + STEP]))
        for word in words[start : start + STEP]:
            index[int.from_bytes(word, sys.byteorder)].append(needle)
    return dict(index)


def _words(needle: Needle, width: int) -> list[bytes]:
    lowered = needle.form.needle[:INDEXED].lower()
    return [lowered[first : first + width] for first in range(len(lowered) - width + 1)]
