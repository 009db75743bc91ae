"""Replay lines of the journal in a restored database, in batches.

Each line is noted in the database's chain under its own number, in the transaction that replays it. So the next
restore finds it in the journal again, and a line whose number the database holds is done.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from privacy.erasure.erasing import destroy_and_prove, erase_rows
from privacy.erasure.legal_holds import make_held_case_due
from privacy.erasure.models import OPEN_STATES, ErasureCase
from privacy.erasure.replay_moves import LostMoves
from privacy.erasure.services import resume_everywhere, suspend_everywhere
from privacy.holds.replay import approve_again, release_again
from privacy.journal.lines import Line
from privacy.journal.models import JournalEntry
from privacy.journal.services import entry_of, note
from privacy.restriction.replay import lift_again, restrict_again
from privacy.subjects.models import DataSubject

NO_MOVES = LostMoves()


def replay_lines(lines: Sequence[Line], moves: LostMoves = NO_MOVES) -> Counter[str]:
    """Replay these lines, in their order for each person; return how many of each kind there were.

    Where a move is lost, the lines about what was left behind are left out, also of the next journal, whose erasures
    destroy keys; what the person did later is replayed on who they were before.

    A person whom this database does not know is added as a number alone, so that they stay erased after any later
    restore. They are counted as "unknown".
    """
    held = set(JournalEntry.objects.filter(pk__in=[UUID(line["id"]) for line in lines]).values_list("pk", flat=True))
    fresh = [moves.of_former(line) for line in lines if UUID(line["id"]) not in held and not moves.is_lost(line)]
    counts = Counter({"unknown": _add_unknown(fresh)})
    for batch in _one_per_person(fresh):
        for kind, group in groupby(sorted(batch, key=itemgetter("kind")), itemgetter("kind")):
            counts[kind] += _ACTIONS[kind](list(group))
    return counts


def finish_erasures(batch: int) -> int:
    """Destroy the keys and write the receipts of persons whose rows are erased; return how many there were."""
    finished = 0
    while True:
        with transaction.atomic():
            cases = _cases(ErasureCase.objects.filter(state=ErasureCase.State.ROWS_ERASED), batch)
            if not cases:
                return finished
            # The journal has them: they come from it, or it was written again with them.
            destroy_and_prove(cases, is_journalled=True)
            finished += len(cases)


def _add_unknown(lines: Sequence[Line]) -> int:
    first = {UUID(line["subject_id"]): line for line in reversed(lines)}
    known = set(DataSubject.objects.filter(pk__in=list(first)).values_list("pk", flat=True))
    unknown = [
        DataSubject(pk=pk, jurisdiction=line.get("details", {}).get("jurisdiction") or settings.JURISDICTIONS[0])
        for pk, line in first.items()
        if pk not in known
    ]
    return len(DataSubject.objects.bulk_create(unknown))


def _one_per_person(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lists of lines with at most one line per person, in the order of each person's lines."""
    batches: list[list[Line]] = []
    seen: Counter[str] = Counter()
    for line in lines:
        number = seen[line["subject_id"]]
        seen[line["subject_id"]] += 1
        if number == len(batches):
            batches.append([])
        batches[number].append(line)
    yield from batches


@transaction.atomic
def _cancel(lines: list[Line]) -> int:
    _bring_forward(lines)
    opened = _open_cases(lines)
    suspend_everywhere(opened)
    _note(lines)
    return len(opened)


@transaction.atomic
def _undo(lines: list[Line]) -> int:
    undone = list(ErasureCase.objects.filter(pk__in=_items(lines), state=ErasureCase.State.COOLING_OFF))
    ErasureCase.objects.filter(pk__in=[case.pk for case in undone]).update(state=ErasureCase.State.UNDONE)
    resume_everywhere(undone)
    _note(lines)
    return len(undone)


def _erase(lines: list[Line]) -> int:
    """Erase these persons, whatever their case says of due times. No one is notified: that happened at the time.

    A person with a legal hold waits for `finish_erasures`: a later line may end the hold.
    """
    subjects = [UUID(line["subject_id"]) for line in lines]
    cases = ErasureCase.objects.filter(subject_id__in=subjects)
    with transaction.atomic():
        _open_cases(lines)
        erase_rows(_cases(cases.filter(state__in=OPEN_STATES)), notifies=False)
        _note(lines)
    with transaction.atomic():
        erased = [case for case in _cases(cases.filter(state=ErasureCase.State.ROWS_ERASED)) if not case.held]
        # The journal has these erasures already: they come from it.
        destroy_and_prove(erased, is_journalled=True)
    return len(erased)


@transaction.atomic
def _hold(lines: list[Line]) -> int:
    made = approve_again(lines)
    _note(lines)
    return made


@transaction.atomic
def _release(lines: list[Line]) -> int:
    released = release_again(lines)
    for line in lines:
        make_held_case_due(UUID(line["subject_id"]))
    _note(lines)
    return released


@transaction.atomic
def _restrict(lines: list[Line]) -> int:
    made = restrict_again(lines)
    _note(lines)
    return made


@transaction.atomic
def _lift(lines: list[Line]) -> int:
    lifted = lift_again(lines)
    _note(lines)
    return lifted


@transaction.atomic
def _only_note(lines: list[Line]) -> int:
    """Keep these lines: the package that noted them reads them in its step after the restore (`AfterRestore`)."""
    _note(lines)
    return len(lines)


def _bring_forward(lines: list[Line]) -> None:
    """Give a case that this database holds the times and the ground of a later line of the same case."""
    cooling = ErasureCase.objects.filter(state=ErasureCase.State.COOLING_OFF)
    known = set(cooling.filter(pk__in=_items(lines)).values_list("pk", flat=True))
    for line in lines:
        if UUID(line["item"]) in known:
            cooling.filter(pk=line["item"]).update(
                ground=line["clause"],
                due_at=line["due_at"],
                deadline_at=line["deadline_at"],
                next_attempt_at=line["due_at"],
            )


def _open_cases(lines: list[Line]) -> list[ErasureCase]:
    """Open the cases that these lines began, for persons without an open case; return those opened now."""
    known = set(ErasureCase.objects.filter(pk__in=_items(lines)).values_list("pk", flat=True))
    fresh = {UUID(line["subject_id"]): line for line in lines if UUID(line["item"]) not in known}
    others = ErasureCase.objects.filter(subject_id__in=list(fresh))
    # A case that was closed before this one began, although the journal does not have its end.
    others.filter(state=ErasureCase.State.COOLING_OFF).update(state=ErasureCase.State.UNDONE)
    busy = set(others.filter(state__in=OPEN_STATES).values_list("subject_id", flat=True))
    return ErasureCase.objects.bulk_create(_case(line) for subject, line in fresh.items() if subject not in busy)


def _case(line: Line) -> ErasureCase:
    return ErasureCase(
        id=line["item"],
        subject_id=UUID(line["subject_id"]),
        reference=line["reference"],
        ground=line["clause"],
        language=line.get("details", {}).get("language", "en"),
        moved_to=line.get("details", {}).get("moved_to", ""),
        continued_as=line.get("details", {}).get("continued_as"),
        cancelled_at=datetime.fromisoformat(line["at"]),
        due_at=line["due_at"],
        deadline_at=line["deadline_at"],
        next_attempt_at=line["due_at"],
    )


def _cases(cases: QuerySet[ErasureCase], most: int | None = None) -> list[ErasureCase]:
    return list(cases.select_for_update(of=("self",)).select_related("subject")[:most])


def _items(lines: list[Line]) -> list[UUID]:
    return [UUID(line["item"]) for line in lines]


def _note(lines: list[Line]) -> None:
    note(entries=[entry_of(line) for line in lines])


_ACTIONS: dict[str, Callable[[list[Line]], int]] = {
    JournalEntry.Kind.CANCELLED: _cancel,
    JournalEntry.Kind.UNDONE: _undo,
    JournalEntry.Kind.ERASED: _erase,
    JournalEntry.Kind.HOLD_APPROVED: _hold,
    JournalEntry.Kind.HOLD_RELEASED: _release,
    JournalEntry.Kind.RESTRICTED: _restrict,
    JournalEntry.Kind.UNRESTRICTED: _lift,
    JournalEntry.Kind.MEMBER_ENDED: _only_note,
    JournalEntry.Kind.MEMBER_ROLE: _only_note,
}
