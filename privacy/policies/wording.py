"""Word by word, and character by character in Chinese: what was put in and what was taken out, in bounded time."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any

# A Chinese, Japanese or Korean character alone; a word with the space after it; a sign with the space after it.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+\s?|\W\s?")
# Steps of work for all the texts of a page: a second or two. The longest policies that we know take a tenth.
_MOST_STEPS = 10_000_000


class TooMuchWork(Exception):
    """Two texts are made so that comparing them takes very long."""


@dataclass
class Work:
    """How many steps comparing may still take; past them a text counts as wholly another."""

    left: int = field(default=_MOST_STEPS)

    def spend(self, steps: int) -> None:
        """Take steps. Raises `TooMuchWork` where none are left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork


@dataclass(frozen=True)
class Span:
    """A piece of text that stayed (`same`), was put in (`ins`) or taken out (`del`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Edit:
    """Which part of a sequence became which of another: `equal`, `replace`, `delete` or `insert`."""

    kind: str
    before: slice
    after: slice


class _Matcher(SequenceMatcher):
    """Counts what each search costs: on texts made for it, the searches take the cube of the length."""

    def __init__(self, before: Sequence[str], after: Sequence[str], work: Work) -> None:
        super().__init__(None, before, after, autojunk=False)
        self.work = work
        often = Counter(after)
        self.costs = [0, *accumulate(1 + often[item] for item in before)]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Any:
        """Search as the class does, if there is work left."""
        end = len(self.costs) - 1 if ahi is None else ahi
        self.work.spend(self.costs[end] - self.costs[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def tokens_of(text: str) -> list[str]:
    """Return the words, signs and characters of a text."""
    return _TOKEN.findall(text)


def edits(before: Sequence[str], after: Sequence[str], work: Work) -> list[Edit]:
    """Return how one sequence became the other, in order; past the work that is left, wholly."""
    try:
        codes = _Matcher(before, after, work).get_opcodes()
    except TooMuchWork:
        codes = [("replace", 0, len(before), 0, len(after))]
    return [Edit(kind, slice(i1, i2), slice(j1, j2)) for kind, i1, i2, j1, j2 in codes]


def word_differences(before: str, after: str, work: Work | None = None) -> list[Span]:
    """Return the later text as spans, with what was taken out in its place."""
    old, new = tokens_of(before), tokens_of(after)
    spans: list[Span] = []
    # A word at the end of a text has no space after it; that is no difference.
    for edit in edits([t.rstrip() for t in old], [t.rstrip() for t in new], work or Work()):
        if edit.kind == "equal":
            spans.append(Span("same", "".join(new[edit.after])))
            continue
        both = (("del", "".join(old[edit.before])), ("ins", "".join(new[edit.after])))
        spans += [Span(kind, text) for kind, text in both if text]
    return spans
