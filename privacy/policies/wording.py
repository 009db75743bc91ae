"""Differences by word, and by character in Chinese: insertions and deletions, in bounded time."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any

# A Chinese, Japanese or Korean character; a word with the space after it; a sign with the space after it.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+\s?|\W\s?")
# Steps of work for all texts of a page: one or two seconds. The longest known policies take a tenth.
_MOST_STEPS = 10_000_000


class TooMuchWork(Exception):
    """Comparing these two texts would take very long, probably by design."""


@dataclass
class Work:
    """How many steps of comparing are left; without any, a text counts as entirely different."""

    left: int = field(default=_MOST_STEPS)

    def spend(self, steps: int) -> None:
        """Use steps. Raises `TooMuchWork` if none are left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork


@dataclass(frozen=True)
class Span:
    """A piece of text that is unchanged (`same`), inserted (`ins`) or deleted (`del`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Edit:
    """A part of one sequence that became a part of another: `equal`, `replace`, `delete` or `insert`."""

    kind: str
    before: slice
    after: slice


class _Matcher(SequenceMatcher):
    """Counts the cost of each search: on texts made for it, the searches take the cube of the length."""

    def __init__(self, before: Sequence[str], after: Sequence[str], work: Work) -> None:
        super().__init__(None, before, after, autojunk=False)
        self.work = work
        often = Counter(after)
        self.costs = [0, *accumulate(1 + often[item] for item in before)]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Any:
        """Search as the base class does, if there is work left."""
        end = len(self.costs) - 1 if ahi is None else ahi
        self.work.spend(self.costs[end] - self.costs[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def tokens_of(text: str) -> list[str]:
    """Return the words, signs and characters of a text."""
    return _TOKEN.findall(text)


def edits(before: Sequence[str], after: Sequence[str], work: Work) -> list[Edit]:
    """Return how one sequence became the other, in order; without work left, as one replacement."""
    try:
        codes = _Matcher(before, after, work).get_opcodes()
    except TooMuchWork:
        codes = [("replace", 0, len(before), 0, len(after))]
    return [Edit(kind, slice(i1, i2), slice(j1, j2)) for kind, i1, i2, j1, j2 in codes]


def word_differences(before: str, after: str, work: Work | None = None) -> list[Span]:
    """Return the later text as spans, with deletions in their place."""
    old, new = tokens_of(before), tokens_of(after)
    spans: list[Span] = []
    # A missing space after the last word is not a difference.
    for edit in edits([t.rstrip() for t in old], [t.rstrip() for t in new], work or Work()):
        if edit.kind == "equal":
            spans.append(Span("same", "".join(new[edit.after])))
            continue
        both = (("del", "".join(old[edit.before])), ("ins", "".join(new[edit.after])))
        spans += [Span(kind, text) for kind, text in both if text]
    return spans
