"""Differences between two versions, by clause and by word; white space and line ends are ignored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from django.urls import reverse

from privacy.policies.dates import without_stated_dates
from privacy.policies.marked import marked_html
from privacy.policies.matching import MatchedPair, in_order, link_targets, match_clauses, tidy, wording
from privacy.policies.models import Clause, PolicyVersion
from privacy.policies.numbering import numbering_of
from privacy.policies.wording import Span, Work, word_differences

_FIRST_WORDS = 60  # characters of a clause that has no heading
MOST_FIRST = 5


class Change(StrEnum):
    """What happened to a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class ClauseChange:
    """One clause that changed: after (`after`) and before (`before`)."""

    kind: Change
    before: Clause | None
    after: Clause | None
    work: Work = field(repr=False, compare=False)
    links_changed: bool = False

    @property
    def clause(self) -> Clause:
        """The clause after the change, or before it if it was removed."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def name(self) -> str:
        """The label of the clause in a list: its heading, else its number and its first words."""
        line = tidy(self.clause.text.partition("\n")[0])
        words = line[numbering_of(line).length :] if self.clause.number else line
        shortened = words if len(words) <= _FIRST_WORDS else f"{words[:_FIRST_WORDS].rsplit(' ', 1)[0]}…"
        return self.clause.heading or f"{self.clause.number} {shortened}".strip()

    @property
    def spans(self) -> list[Span]:
        """The words of the clause, with insertions and deletions; empty if it only moved."""
        before, after = (tidy(clause.text) if clause else "" for clause in (self.before, self.after))
        if self.kind == Change.CHANGED:
            return word_differences(before, after, self.work)
        whole = {Change.ADDED: Span("ins", after), Change.REMOVED: Span("del", before)}
        return [whole[self.kind]] if self.kind in whole else []

    @property
    def html(self) -> str:
        """The clause with its markup, with its changes marked."""
        before, after = (clause.html if clause else "" for clause in (self.before, self.after))
        return marked_html(before, after, self.work, _page_of(self.after.version) if self.after else "")

    @property
    def is_date_line_only(self) -> bool:
        """Whether only a stated date of update or effect differs."""
        if self.kind != Change.CHANGED or self.links_changed or not self.before or not self.after:
            return False
        return without_stated_dates(tidy(self.before.text)) == without_stated_dates(tidy(self.after.text))


@dataclass(frozen=True)
class DifferenceRow:
    """A row for readers: a change, counted from 1, or a run of unchanged clauses."""

    number: int = 0
    change: ClauseChange | None = None
    unchanged: tuple[Clause, ...] = ()

    @property
    def previous(self) -> int:
        """The number of the change before; 0 where there is none."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The number of the next change; the last one has none."""
        return self.number + 1


@dataclass(frozen=True)
class Differences:
    """All differences. `is_comparable` is false if the two texts are in different languages."""

    before: PolicyVersion | None
    after: PolicyVersion
    rows: list[DifferenceRow]
    is_comparable: bool = True

    @property
    def changes(self) -> list[ClauseChange]:
        """The changes in reading order."""
        return [row.change for row in self.rows if row.change]

    @property
    def first_changes(self) -> list[DifferenceRow]:
        """The first changes in reading order, `MOST_FIRST` of them, for a page that leads to all."""
        return [row for row in self.rows if row.change][:MOST_FIRST]

    @property
    def url(self) -> str:
        """The URL of the page that shows them; empty where there is no version before."""
        if self.before is None:
            return ""
        asked = {"since": self.before.label, "to": self.after.label, "language": self.after.language}
        return reverse("policy_changes", args=[self.after.jurisdiction], query=asked)

    @property
    def unchanged(self) -> int:
        """How many clauses did not change."""
        return sum(len(row.unchanged) for row in self.rows)

    def count(self, kind: str) -> int:
        """How many clauses were `added`, `removed`, `changed` or `moved`."""
        return sum(change.kind == kind for change in self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses of each kind of change, and `unchanged`."""
        return {kind.value: self.count(kind) for kind in Change} | {"unchanged": self.unchanged}

    @property
    def editorial_hint(self) -> bool:
        """Whether only white space or the date line differs: a suggestion, a person decides."""
        return self.is_comparable and all(change.is_date_line_only for change in self.changes)


def differences(before: PolicyVersion | None, after: PolicyVersion) -> Differences:
    """Return the differences between two versions; from None, everything is new.

    If the languages differ, the same label in the newer text's language is compared, if it was published.
    """
    if before and before.language != after.language:
        before = _in_language(before, after.language)
    if before and before.language != after.language:
        return Differences(before, after, [], is_comparable=False)
    earlier = list(before.clauses.all()) if before else []
    return Differences(before, after, compare_clauses(earlier, list(after.clauses.all())))


def compare_clauses(before: Sequence[Clause], after: Sequence[Clause]) -> list[DifferenceRow]:
    """Return the rows in reading order; removed clauses are at their former place."""
    work = Work()
    pairs = match_clauses(before, after, work)
    stayed = in_order(pairs)
    by_after = {pair.after.position: pair for pair in pairs}
    placed: list[tuple[float, ClauseChange | Clause]] = []
    for clause in after:
        pair = by_after.get(clause.position)
        moved = pair not in stayed
        change = _change(pair, work, moved=moved) if pair else ClauseChange(Change.ADDED, None, clause, work)
        placed.append((clause.position, change or clause))
    kept = {pair.before.position: pair.after.position for pair in pairs}
    place = 0.0
    for clause in before:
        if clause.position in kept:
            place = kept[clause.position] + 0.5
        else:
            placed.append((place, ClauseChange(Change.REMOVED, clause, None, work)))
    return list(_rows(found for _place, found in sorted(placed, key=lambda found: found[0])))


def _rows(found: Iterable[ClauseChange | Clause]) -> Iterator[DifferenceRow]:
    number = 0
    for is_change, run in groupby(found, key=lambda one: isinstance(one, ClauseChange)):
        if not is_change:
            yield DifferenceRow(unchanged=tuple(clause for clause in run if isinstance(clause, Clause)))
            continue
        for change in run:
            number += 1
            yield DifferenceRow(number, change if isinstance(change, ClauseChange) else None)


def _page_of(version: PolicyVersion) -> str:
    """The address of a version; a draft has none."""
    if not version.is_published:
        return ""
    return f"{reverse('policy_version', args=[version.jurisdiction, version.label])}?language={version.language}"


def _in_language(version: PolicyVersion, language: str) -> PolicyVersion:
    same = PolicyVersion.objects.filter(
        jurisdiction=version.jurisdiction, label=version.label, published_at__isnull=False
    )
    return same.filter(language=language).first() or version


def _change(pair: MatchedPair, work: Work, *, moved: bool) -> ClauseChange | None:
    links_changed = link_targets(pair.before) != link_targets(pair.after)
    if wording(pair.before) != wording(pair.after) or links_changed:
        return ClauseChange(Change.CHANGED, pair.before, pair.after, work, links_changed)
    if moved or pair.before.number != pair.after.number:
        return ClauseChange(Change.MOVED, pair.before, pair.after, work)
    return None
