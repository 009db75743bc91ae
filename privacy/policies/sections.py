"""The shown text of a version in sections that a page can fold; its own markup stays as it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from privacy.policies.models import Clause, PolicyVersion

# A text with fewer headings at a level is divided at the next level, where that one has enough.
_ENOUGH = 3


@dataclass(frozen=True)
class Section:
    """A heading and the clauses below it: `html` is a part of the shown text, heading included."""

    name: str
    anchor: str
    html: str


@dataclass(frozen=True)
class DividedText:
    """What comes before the first section, and the sections. One after the other they are the shown text."""

    preamble: str
    sections: Sequence[Section] = ()


def divided(version: PolicyVersion) -> DividedText:
    """Return the text of a version in sections; one without headings has a preamble only."""
    clauses = list(version.clauses.all())
    starts = _starts(clauses)
    if not starts or _joined(clauses) != version.html:
        return DividedText(version.html)
    ends = [*starts[1:], len(clauses)]
    sections = [
        Section(clauses[start].heading, clauses[start].anchor, _joined(clauses[start:end]))
        for start, end in zip(starts, ends, strict=True)
    ]
    return DividedText(_joined(clauses[: starts[0]]), sections)


def _starts(clauses: Sequence[Clause]) -> list[int]:
    """Return the places of the clauses that begin a section, at the highest level with enough headings."""
    counted = Counter(clause.level for clause in clauses if clause.heading)
    for enough in (_ENOUGH, 2):
        if levels := [level for level in sorted(counted) if counted[level] >= enough]:
            # A heading of a higher level begins a section, too: it does not belong to the one before it.
            return [place for place, clause in enumerate(clauses) if clause.heading and clause.level <= levels[0]]
    return []


def _joined(clauses: Sequence[Clause]) -> str:
    return "\n".join(clause.html for clause in clauses)
