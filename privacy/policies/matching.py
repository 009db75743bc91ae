"""Which clause of one version matches which of another, although numbers and places change."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from privacy.policies.models import Clause
from privacy.policies.numbering import numbering_of
from privacy.policies.wording import TooMuchWork, Work, tokens_of

_SAME_PLACE = 0.3  # the least similarity of two clauses with one anchor to be paired first
_ALIKE = 0.5
_STEPS_OF_A_PAIR = 10
_SPACE = re.compile(r"\s+")
# A line end between two Chinese or Japanese characters is not a space; Korean has spaces.
_NO_SPACE = re.compile(r"(?<=[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]) (?=[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef])")
_LINK = re.compile(r'href="([^"#][^"]*)"')


@dataclass(frozen=True, eq=False)
class MatchedPair:
    """A clause before and after."""

    before: Clause
    after: Clause


def tidy(text: str) -> str:
    """Return a text with normalised white space and line ends."""
    return _NO_SPACE.sub("", _SPACE.sub(" ", text)).strip()


def wording(clause: Clause) -> str:
    """Return the text of a clause, without its number."""
    text = tidy(clause.text)
    return text[numbering_of(text).length :] if clause.number else text


def link_targets(clause: Clause) -> list[str]:
    """Return the targets of a clause's links; links inside the document follow their clause."""
    return _LINK.findall(clause.html)


def match_clauses(before: Sequence[Clause], after: Sequence[Clause], work: Work) -> list[MatchedPair]:
    """Return which clause became which: the same words first, then the same anchor, then the most similar.

    If comparing each with each takes more work than is left, the most similar are not searched for.
    """
    matcher = _Matcher(before, after)
    matcher.pair_same_words()
    matcher.pair_same_anchor(_SAME_PLACE)
    with suppress(TooMuchWork):
        matcher.pair_most_alike(work)
    matcher.pair_same_anchor(0)
    return matcher.pairs


def in_order(pairs: Sequence[MatchedPair]) -> set[MatchedPair]:
    """Return the largest set of pairs whose clauses kept their order; the others moved."""
    ordered = sorted(pairs, key=lambda pair: pair.after.position)
    ends: list[int] = []  # the lowest place at which a run of each length ends
    last: list[MatchedPair] = []
    previous: dict[MatchedPair, MatchedPair | None] = {}
    for pair in ordered:
        length = bisect_left(ends, pair.before.position)
        previous[pair] = last[length - 1] if length else None
        ends[length : length + 1] = [pair.before.position]
        last[length : length + 1] = [pair]
    kept: set[MatchedPair] = set()
    current = last[-1] if last else None
    while current:
        kept.add(current)
        current = previous[current]
    return kept


class _Matcher:
    """Pairs clauses step by step; a paired clause is not considered again."""

    def __init__(self, before: Sequence[Clause], after: Sequence[Clause]) -> None:
        self.before, self.after = list(before), list(after)
        self.pairs: list[MatchedPair] = []
        self._words = {id(clause): Counter(tokens_of(wording(clause))) for clause in (*before, *after)}

    def pair_same_words(self) -> None:
        """Pair clauses with the same text, those with the same anchor first."""
        for key in (lambda clause: (wording(clause), clause.anchor), wording):
            waiting = defaultdict(list)
            for clause in self.before:
                waiting[key(clause)].append(clause)
            for clause in list(self.after):
                if waiting[key(clause)]:
                    self._pair(waiting[key(clause)].pop(0), clause)

    def pair_same_anchor(self, at_least: float) -> None:
        """Pair clauses with the same anchor and at least this similarity."""
        by_anchor = {clause.anchor: clause for clause in self.before}
        for clause in list(self.after):
            earlier = by_anchor.get(clause.anchor)
            if earlier and self._likeness(earlier, clause) >= at_least:
                self._pair(earlier, clause)

    def pair_most_alike(self, work: Work) -> None:
        """Pair the remaining clauses, the most similar first. Raises `TooMuchWork`."""
        before, after = list(self.before), list(self.after)
        work.spend(_STEPS_OF_A_PAIR * len(before) * len(after))
        work.spend(sum(len(self._words[id(clause)]) for clause in before) * len(after))
        candidates = [(self._likeness(old, new), i, j) for i, old in enumerate(before) for j, new in enumerate(after)]
        alike = [candidate for candidate in candidates if candidate[0] >= _ALIKE]
        paired: tuple[set[int], set[int]] = (set(), set())
        for _likeness, i, j in sorted(alike, key=lambda candidate: (-candidate[0], *candidate[1:])):
            if i not in paired[0] and j not in paired[1]:
                paired[0].add(i)
                paired[1].add(j)
                self._pair(before[i], after[j])

    def _pair(self, before: Clause, after: Clause) -> None:
        self.before.remove(before)
        self.after.remove(after)
        self.pairs.append(MatchedPair(before, after))

    def _likeness(self, one: Clause, other: Clause) -> float:
        """Return the share of words that two clauses have in common, from 0 to 1."""
        mine, theirs = self._words[id(one)], self._words[id(other)]
        total = mine.total() + theirs.total()
        return 2 * (mine & theirs).total() / total if total else 1.0
