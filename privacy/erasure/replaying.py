"""After a restore: forget again whom the portal had forgotten, and say what the restore lost.

The journal's files say what the restored database does not know. Every step may come twice: stopped at any time, the
replay is run again. No person is told twice: they heard of their erasure when it first came about. Recipients are told
again: whether they acknowledged is lost, and a repeat of what they did finds nothing to do.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from privacy.encryption.keys import destroy_keys, living_owners
from privacy.erasure.erasing import destroy_and_prove, erase_rows
from privacy.erasure.holding import make_held_case_due
from privacy.erasure.models import OPEN_STATES, ErasureCase
from privacy.erasure.queries import State
from privacy.erasure.services import resume_everywhere, suspend_everywhere
from privacy.evidence.clock import database_now
from privacy.holds.models import LegalHold
from privacy.holds.queries import holds_of
from privacy.journal.files import Line
from privacy.journal.maintenance import begin_restoring, end_restoring
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES, JournalledChain, journal_folder, journalled_chains, write_journal
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)
Kind = JournalEntry.Kind
Thing = TypeVar("Thing")
BATCH = 500


@dataclass
class Replay:
    """What a replay did, by counts, and where what was lost is listed."""

    erased: int = 0
    cancelled: int = 0
    undone: int = 0
    holds: int = 0
    unknown: int = 0
    keys_destroyed: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    lost_list: Path | None = None


def replay_erasures() -> Replay:
    """Bring about again what the database forgot, list what is lost, and open the portal."""
    begin_restoring()
    replay = Replay()
    forgotten = list(forgotten_lines(ERASURES))
    known = _known_subjects(line["subject_id"] for line in forgotten)
    replay.unknown = len({line["subject_id"] for line in forgotten} - known)
    forgotten = [line for line in forgotten if line["subject_id"] in known]
    to_erase = {line["subject_id"]: line for line in forgotten if line["kind"] == Kind.ERASED}
    for line in forgotten:
        _replay_line(line, replay, is_erased_later=line["subject_id"] in to_erase)
    replay.erased = _erase_again(to_erase)
    replay.keys_destroyed = _destroy_revived_keys()
    _list_lost(replay)
    _begin_new_journal()
    end_restoring()
    return replay


def forgotten_lines(chain: JournalledChain) -> Iterator[Line]:
    """Yield the lines of a chain's file from the first one on that the database does not hold."""
    has_forgotten = False
    for lines in _in_batches(chain.file.lines()):
        if not has_forgotten:
            rows = chain.model._default_manager.filter(position__in=[line["position"] for line in lines])
            held = {position: bytes(digest).hex() for position, digest in rows.values_list("position", "hash")}
        for line in lines:
            has_forgotten = has_forgotten or held.get(line["position"]) != line["hash"]
            if has_forgotten:
                yield line


def _replay_line(line: Line, replay: Replay, *, is_erased_later: bool) -> None:
    match line["kind"]:
        case Kind.CANCELLED | Kind.ERASED:
            replay.cancelled += _cancel_again(line, suspend=not is_erased_later)
        case Kind.UNDONE:
            replay.undone += _undo_again(line)
        case Kind.HOLD_APPROVED:
            replay.holds += _hold_again(line)
        case Kind.HOLD_RELEASED:
            released = LegalHold.objects.filter(pk=line["item"], state=LegalHold.State.APPROVED)
            released.update(state=LegalHold.State.RELEASED, released_at=line["at"])
            make_held_case_due(UUID(line["subject_id"]))


@transaction.atomic
def _cancel_again(line: Line, *, suspend: bool) -> int:
    if ErasureCase.objects.filter(pk=line["item"]).exists():
        return 0
    # A case that the journal says was closed before this one began, though its end is not in the file.
    ErasureCase.objects.filter(subject_id=line["subject_id"], state=State.COOLING_OFF).update(state=State.UNDONE)
    if ErasureCase.objects.filter(subject_id=line["subject_id"], state__in=OPEN_STATES).exists():
        return 0
    case = ErasureCase.objects.create(
        id=line["item"],
        subject_id=line["subject_id"],
        reference=line["reference"],
        ground=line["clause"],
        cancelled_at=line["at"],
        due_at=line["due_at"],
        deadline_at=line["deadline_at"],
        next_attempt_at=line["due_at"],
    )
    if suspend:
        suspend_everywhere(case)
    return 1


@transaction.atomic
def _undo_again(line: Line) -> int:
    case = ErasureCase.objects.filter(pk=line["item"], state=State.COOLING_OFF).first()
    if case is None:
        return 0
    ErasureCase.objects.filter(pk=case.pk).update(state=State.UNDONE)
    resume_everywhere(case)
    return 1


def _hold_again(line: Line) -> int:
    _hold, made = LegalHold.objects.get_or_create(
        pk=line["item"],
        defaults={
            "subject_id": line["subject_id"],
            "exception": line["clause"],
            "legal_basis": "see the order: brought back from the journal",
            "classes": line["classes"],
            "until": line["due_at"],
            "state": LegalHold.State.APPROVED,
            "asked_at": line["at"],
            "decided_at": line["at"],
        },
    )
    LegalHold.objects.filter(pk=line["item"], state=LegalHold.State.ASKED).update(
        state=LegalHold.State.APPROVED, decided_at=line["at"]
    )
    return int(made)


def _erase_again(lines: dict[str, Line]) -> int:
    """Erase these persons, whatever their case says of due times; return how many were erased now."""
    erased = 0
    for batch in _in_batches(UUID(subject) for subject in lines):
        with transaction.atomic():
            cases = _cases_of(batch, [State.COOLING_OFF, State.HELD])
            erase_rows(cases, tell=False)
        with transaction.atomic():
            erased_rows = _cases_of(batch, [State.ROWS_ERASED])
            # These erasures stand in the journal already: that is where they come from.
            destroy_and_prove(erased_rows, is_journalled=True)
        erased += len(erased_rows)
    return erased


def _cases_of(subjects: Iterable[UUID], states: list[str]) -> list[ErasureCase]:
    cases = ErasureCase.objects.select_for_update(of=("self",)).filter(subject_id__in=subjects, state__in=states)
    return list(cases.select_related("subject"))


def _destroy_revived_keys() -> int:
    """Destroy the keys that an old backup of the keys brought back of persons who are erased."""
    destroyed = 0
    for owners in _in_batches(living_owners()):
        subjects = DataSubject.objects.filter(pk__in=owners, erased_at__isnull=False)
        erased = list(subjects.values_list("pk", flat=True))
        keep = {
            subject: {name for hold in holds for name in hold.classes} for subject, holds in holds_of(erased).items()
        }
        destroyed += sum(destroy_keys(erased, keep=keep).values())
    return destroyed


def _list_lost(replay: Replay) -> None:
    """Write down, by ids only, the consents that the restored database does not know."""
    for chain in journalled_chains():
        if chain is ERASURES:
            continue
        lost = list(forgotten_lines(chain))
        replay.lost[chain.name] = len(lost)
        if lost:
            replay.lost_list = journal_folder() / f"lost-{chain.name}-{_stamp(database_now())}.jsonl"
            replay.lost_list.write_text("".join(json.dumps(line) + "\n" for line in lost), encoding="utf-8")


def _begin_new_journal() -> None:
    """Put the old files aside and copy the chains as they are now."""
    for chain in journalled_chains():
        if next(forgotten_lines(chain), None) is not None:
            chain.file.archive(f"{chain.name}-{_stamp(database_now())}.jsonl")
    write_journal()


def _known_subjects(ids: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for batch in _in_batches(iter(dict.fromkeys(ids))):
        known |= {str(pk) for pk in DataSubject.objects.filter(pk__in=batch).values_list("pk", flat=True)}
    return known


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%S%fZ")


def _in_batches(things: Iterator[Thing]) -> Iterator[list[Thing]]:
    batch: list[Thing] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
