"""What changed between two versions, clause by clause and word by word; white space and line ends are no change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from privacy.policies.dates import without_stated_dates
from privacy.policies.matching import Pair, in_order, link_targets, match_clauses, tidy, wording
from privacy.policies.models import Clause, PolicyVersion
from privacy.policies.wording import Span, word_differences


class Change(StrEnum):
    """What happened to a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class ClauseChange:
    """One clause that is not as it was: as it is (`after`), as it was (`before`), and its words as spans."""

    kind: Change
    before: Clause | None
    after: Clause | None
    spans: list[Span] = field(default_factory=list)
    links_changed: bool = False

    @property
    def clause(self) -> Clause:
        """The clause as it is, or as it was where it is gone."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def is_date_line_only(self) -> bool:
        """Whether nothing but a stated date of update or effect differs."""
        if self.kind != Change.CHANGED or self.links_changed or not self.before or not self.after:
            return False
        return without_stated_dates(tidy(self.before.text)) == without_stated_dates(tidy(self.after.text))


@dataclass(frozen=True)
class Differences:
    """Everything that changed. `is_comparable` is false where the two texts are in different languages."""

    before: PolicyVersion | None
    after: PolicyVersion
    changes: list[ClauseChange]
    unchanged: int
    is_comparable: bool = True

    def count(self, kind: str) -> int:
        """How many clauses were `added`, `removed`, `changed` or `moved`."""
        return sum(change.kind == kind for change in self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses of each kind of change, and `unchanged`."""
        return {kind.value: self.count(kind) for kind in Change} | {"unchanged": self.unchanged}

    @property
    def editorial_hint(self) -> bool:
        """A suggestion only: white space or the date line is all that differs. A human decides."""
        return self.is_comparable and all(change.is_date_line_only for change in self.changes)


def differences(before: PolicyVersion | None, after: PolicyVersion) -> Differences:
    """Return what changed from one version to another; from None, everything is new.

    Where the languages differ, the same label in the newer text's language is compared, if it was published.
    """
    if before and before.language != after.language:
        before = _in_language(before, after.language)
    if before and before.language != after.language:
        return Differences(before, after, [], 0, is_comparable=False)
    earlier = list(before.clauses.all()) if before else []
    changes, unchanged = compare_clauses(earlier, list(after.clauses.all()))
    return Differences(before, after, changes, unchanged)


def compare_clauses(before: Sequence[Clause], after: Sequence[Clause]) -> tuple[list[ClauseChange], int]:
    """Return the changes in reading order, those that are gone where they stood, and how many stayed the same."""
    pairs = match_clauses(before, after)
    stayed = in_order(pairs)
    by_after = {pair.after.position: pair for pair in pairs}
    changes: list[tuple[float, ClauseChange]] = []
    for clause in after:
        pair = by_after.get(clause.position)
        change = _change(pair, moved=pair not in stayed) if pair else _whole(Change.ADDED, None, clause)
        if change:
            changes.append((clause.position, change))
    kept = {pair.before.position: pair.after.position for pair in pairs}
    place = 0.0
    for clause in before:
        if clause.position in kept:
            place = kept[clause.position] + 0.5
        else:
            changes.append((place, _whole(Change.REMOVED, clause, None)))
    ordered = [change for _place, change in sorted(changes, key=lambda placed: placed[0])]
    return ordered, len(after) - sum(change.after is not None for change in ordered)


def _in_language(version: PolicyVersion, language: str) -> PolicyVersion:
    same = PolicyVersion.objects.filter(
        jurisdiction=version.jurisdiction, label=version.label, published_at__isnull=False
    )
    return same.filter(language=language).first() or version


def _whole(kind: Change, before: Clause | None, after: Clause | None) -> ClauseChange:
    clause = after or before
    span = Span("ins" if kind == Change.ADDED else "del", tidy(clause.text) if clause else "")
    return ClauseChange(kind, before, after, [span])


def _change(pair: Pair, *, moved: bool) -> ClauseChange | None:
    links_changed = link_targets(pair.before) != link_targets(pair.after)
    if wording(pair.before) != wording(pair.after) or links_changed:
        spans = word_differences(tidy(pair.before.text), tidy(pair.after.text))
        return ClauseChange(Change.CHANGED, pair.before, pair.after, spans, links_changed)
    if moved or pair.before.number != pair.after.number:
        return ClauseChange(Change.MOVED, pair.before, pair.after)
    return None
