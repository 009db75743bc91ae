"""Which line of a clause became which, so that a changed paragraph, item or row is shown as one change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from privacy.policies.matching import tidy
from privacy.policies.shapes import ShapedLine
from privacy.policies.wording import TooMuchWork, Work, edits, tokens_of

_STEPS_OF_A_PAIR = 10
_ALIKE = 0.4  # the least share of words that two lines have in common to be one changed line


@dataclass(frozen=True)
class Pair:
    """A line before and after; one of them is None if it was inserted or deleted."""

    before: ShapedLine | None
    after: ShapedLine | None

    @property
    def is_unchanged(self) -> bool:
        """Whether the line did not change."""
        return bool(self.before and self.after) and _key(self.before) == _key(self.after)


def align(before: Sequence[ShapedLine], after: Sequence[ShapedLine], work: Work) -> list[Pair]:
    """Return the lines of both texts, in the order of the later one, with deleted lines at their former place."""
    pairs: list[Pair] = []
    for edit in edits([_key(line) for line in before], [_key(line) for line in after], work):
        old, new = before[edit.before], after[edit.after]
        pairs += map(Pair, old, new) if edit.kind == "equal" else _closest(old, new, work)
    return pairs


def _key(line: ShapedLine | None) -> str:
    return f"{line.shape}{tidy(line.text)}" if line else ""


def _closest(before: Sequence[ShapedLine], after: Sequence[ShapedLine], work: Work) -> list[Pair]:
    """Pair the most similar lines without crossing; the others were deleted or inserted."""
    alike = _likenesses(before, after, work)
    best = _best_totals(alike, len(before), len(after))
    pairs: list[Pair] = []
    i = j = 0
    while i < len(before) or j < len(after):
        if (i, j) in alike and best[i, j] == alike[i, j] + best.get((i + 1, j + 1), 0):
            pairs.append(Pair(before[i], after[j]))
            i, j = i + 1, j + 1
        elif i < len(before) and best.get((i, j), 0) == best.get((i + 1, j), 0):
            pairs.append(Pair(before[i], None))
            i += 1
        else:
            pairs.append(Pair(None, after[j]))
            j += 1
    return pairs


def _likenesses(before: Sequence[ShapedLine], after: Sequence[ShapedLine], work: Work) -> dict[tuple[int, int], float]:
    """Return the similarity of lines by their places, if they are similar enough to be one changed line."""
    old, new = ([Counter(tokens_of(line.text)) for line in lines] for lines in (before, after))
    try:
        work.spend(_STEPS_OF_A_PAIR * len(old) * len(new) + sum(map(len, old)) * len(new))
    except TooMuchWork:
        return {}
    found = {(i, j): _likeness(one, other) for i, one in enumerate(old) for j, other in enumerate(new)}
    return {
        (i, j): likeness
        for (i, j), likeness in found.items()
        if likeness >= _ALIKE and before[i].shape == after[j].shape
    }


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _best_totals(alike: dict[tuple[int, int], float], old: int, new: int) -> dict[tuple[int, int], float]:
    """Return the greatest total similarity of pairs from each place on."""
    best: dict[tuple[int, int], float] = {}
    if not alike:
        return best
    for i in range(old - 1, -1, -1):
        for j in range(new - 1, -1, -1):
            without = max(best.get((i + 1, j), 0), best.get((i, j + 1), 0))
            best[i, j] = max(without, alike.get((i, j), -1) + best.get((i + 1, j + 1), 0))
    return best
