"""After a restore: replay the erasures that the journal records, and list what the restore lost.

The journal says what the restored database lacks. Every step can be repeated: a replay that was stopped is run again.
Persons are not notified a second time. Recipients are: their acknowledgements are lost, and to repeat what they did
has no effect.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from privacy.consent.journal import CONSENTS
from privacy.erasure.journal import RECEIPTS
from privacy.erasure.lost_holds import LostHold, end_lost_holds
from privacy.erasure.replay_cancellations import finish_erasures, replay_lines
from privacy.erasure.replay_moves import lost_moves
from privacy.journal.chains import JournalChain, in_batches
from privacy.journal.errors import JournalDamaged, JournalTruncated, OtherStore, StoreMissing
from privacy.journal.identity import claim_store, refuse_other_store
from privacy.journal.locks import LockTaken, exclusive_lock
from privacy.journal.maintenance import begin_restore, end_restore, refuse_half_restored
from privacy.journal.models import JournalEntry
from privacy.journal.restores import BATCH, AfterRestore, Restore, lost_lines
from privacy.journal.services import ERASURES, journal_chains, write_journal
from privacy.journal.store import journal_store
from privacy.operations.collecting import declared


class ReplayUnderWay(Exception):
    """Another process restores or replays: let it finish."""


@dataclass
class Replay:
    """What a replay did, as counts, and the objects that list what was lost."""

    erased: int = 0
    cancelled: int = 0
    undone: int = 0
    holds: int = 0
    unknown: int = 0
    lost_moves: int = 0
    keys_destroyed: int = 0
    read: int = 0
    # How many rows each step of a package concerned, by the step's name.
    counts: dict[str, int] = field(default_factory=dict)
    restore: Restore = field(default_factory=Restore)
    lost_holds: list[LostHold] = field(default_factory=list)


def replay_erasures(
    *,
    rewrite_journal: bool = False,
    without_journal: bool = False,
    progress: Callable[[Replay], None] = lambda _replay: None,
) -> Replay:
    """Replay the journal's erasures, list what is lost, and end maintenance mode.

    `rewrite_journal` lets a damaged, cut or missing journal be written again from a database that knows all it had;
    `without_journal` from any. `progress` is called after every batch. Raises `JournalError`, `ReplayUnderWay`,
    `OSError`; nothing is changed before the whole journal is verified.
    """
    with one_replay_at_a_time():
        refuse_half_restored()
        broken = _verify(may_rewrite=rewrite_journal or without_journal)
        claim_store(journal_store())
        for chain in broken:
            chain.rewrite(accept_loss=without_journal)
        begin_restore()
        replay = Replay()
        _replay_journal(replay, progress)
        for step in restore_steps():
            replay.counts[step.name] = step.run(replay.restore)
        replay.lost_holds = end_lost_holds()
        replay.keys_destroyed += _begin_new_journal()
        replay.erased += finish_erasures(BATCH)
        end_restore()
    return replay


def restore_steps() -> list[AfterRestore]:
    """Return the steps of packages after a restore, in their order."""
    return sorted(declared(AfterRestore), key=lambda step: step.position)


def _verify(*, may_rewrite: bool) -> list[JournalChain]:
    """Verify every journal, including those put aside; return the chains whose journal is to be written again."""
    broken = []
    try:
        refuse_other_store(journal_store())
    except (OtherStore, StoreMissing):
        if not may_rewrite:
            raise
    for journal in (*CONSENTS.archives(), *RECEIPTS.archives()):
        journal.verify()
    for chain in journal_chains():
        try:
            chain.verify()
        except (JournalTruncated, JournalDamaged):
            if not may_rewrite:
                raise
            broken.append(chain)
    return broken


def _replay_journal(replay: Replay, progress: Callable[[Replay], None]) -> None:
    moves = lost_moves()
    replay.lost_moves = len(moves.cases)
    for lines in in_batches(lost_lines(ERASURES), BATCH):
        counts = replay_lines(lines, moves)
        replay.read += len(lines)
        replay.unknown += counts["unknown"]
        replay.erased += counts[JournalEntry.Kind.ERASED]
        replay.cancelled += counts[JournalEntry.Kind.CANCELLED]
        replay.undone += counts[JournalEntry.Kind.UNDONE]
        replay.holds += counts[JournalEntry.Kind.HOLD_APPROVED]
        progress(replay)


def _begin_new_journal() -> int:
    """Put the old journals aside, write new ones, and destroy keys up to their end; return how many still existed."""
    chains = [chain for chain in journal_chains() if next(lost_lines(chain), None)]
    destroyed = sum(chain.write_next_generation() for chain in chains)
    write_journal()
    return destroyed


@contextmanager
def one_replay_at_a_time() -> Iterator[None]:
    """Exclude other replays and restores, on all hosts. Raises `ReplayUnderWay`, `OSError`."""
    try:
        with exclusive_lock("replay"):
            yield
    except LockTaken:
        raise ReplayUnderWay("Another process restores or replays already: let it finish.") from None
