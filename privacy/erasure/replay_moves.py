"""Moves to another jurisdiction that a restore lost: these people have their account where it was before the move.

The journal then says that what stayed behind was erased, and names the person as whom they went on. The restored
database does not know that person, but holds the whole account under the former one: it is kept, and what the journal
says of the later person is replayed on the former. Where the keys were not restored with the data, those of the former
person stay destroyed: nothing could be read, and the erasure is replayed as any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from privacy.consent.models import ConsentRecord
from privacy.encryption.models import DataKey
from privacy.journal.lines import Line
from privacy.journal.models import JournalEntry
from privacy.journal.restores import lost_lines
from privacy.journal.services import ERASURES


@dataclass(frozen=True)
class LostMoves:
    """The cancellations by which people moved, and who each of them was before."""

    cases: frozenset[str] = frozenset()
    former: Mapping[str, str] = field(default_factory=dict)

    def is_lost(self, line: Line) -> bool:
        """Whether a line is about what such a person left behind: nothing of it is erased."""
        return line["item"] in self.cases

    def of_former(self, line: Line) -> Line:
        """Return a line, about the former person where it is about one whom the database does not know."""
        subject = line["subject_id"]
        return {**line, "subject_id": self.former.get(subject, subject)}


def lost_moves() -> LostMoves:
    """Return the moves that the journal names and the restored database does not hold. Reads what the latter lacks."""
    moves = {item: (before, after) for item, before, after in _moves()}
    after_of = dict(moves.values())
    known = _known({UUID(person) for move in moves.values() for person in move})
    former: dict[str, str] = {}
    for first in after_of:
        person, seen = first, set()
        while first in known and (person := after_of.get(person, "")) and person not in known and person not in seen:
            former[person] = first
            seen.add(person)
    cases = frozenset(item for item, (_before, after) in moves.items() if after in former)
    return LostMoves(cases, former)


def _moves() -> Iterator[tuple[str, str, str]]:
    for line in lost_lines(ERASURES):
        after = line.get("details", {}).get("continued_as")
        if after and line["kind"] == JournalEntry.Kind.CANCELLED:
            yield line["item"], line["subject_id"], after


def _known(persons: set[UUID]) -> set[str]:
    """Return those of these persons whose account the databases hold: they agreed once, and have keys."""
    agreed = set(ConsentRecord.objects.filter(subject__pk__in=persons).values_list("subject_id", flat=True))
    keys = DataKey.objects.filter(owner__in=agreed, destroyed_at__isnull=True)
    return {str(owner) for owner in keys.values_list("owner", flat=True)}
