"""After a restore: forget again whom the portal had forgotten, and say what the restore lost.

The journal says what the restored database does not know. Every step may come twice: stopped at any time, the
replay is run again. No person is told twice: they heard of their erasure when it first came about. Recipients are told
again: whether they acknowledged is lost, and a repeat of what they did finds nothing to do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from privacy.access.journal import ACCESSES
from privacy.access.replay import not_recorded, replay_accesses
from privacy.consent.journal import CONSENTS
from privacy.consent.replay import ask_for_consent_again
from privacy.erasure.earlier_receipts import keep_earlier_receipts
from privacy.erasure.journal import RECEIPTS
from privacy.erasure.lost_holds import LostHold, end_lost_holds
from privacy.erasure.replay_cancellations import bring_back, finish_erasures
from privacy.evidence.clock import database_now
from privacy.journal.chains import JournalChain, in_batches
from privacy.journal.errors import JournalDamaged, JournalTruncated, OtherStore, StoreMissing
from privacy.journal.identity import claim_store, refuse_other_store
from privacy.journal.lines import Line, encoded
from privacy.journal.locks import LockTaken, alone
from privacy.journal.maintenance import begin_restoring, end_restoring, keys_were_restored, refuse_half_restored
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES, journal_chains, write_journal
from privacy.journal.store import journal_store
from privacy.notices.replay import give_up_queued_notices

Kind = JournalEntry.Kind
BATCH = 500
# How many ids one object lists of what is lost.
LISTED_TOGETHER = 50_000


class ReplayUnderWay(Exception):
    """Another process restores or replays already: let it finish."""


@dataclass
class Replay:
    """What a replay did, by counts, and where what was lost is listed."""

    erased: int = 0
    cancelled: int = 0
    undone: int = 0
    holds: int = 0
    unknown: int = 0
    keys_destroyed: int = 0
    asked_anew: int = 0
    notices: int = 0
    receipts: int = 0
    accesses: int = 0
    read: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    lost_lists: list[str] = field(default_factory=list)
    lost_holds: list[LostHold] = field(default_factory=list)


def replay_erasures(
    *,
    rewrite_journal: bool = False,
    without_journal: bool = False,
    progress: Callable[[Replay], None] = lambda _replay: None,
) -> Replay:
    """Bring about again what the database forgot, list what is lost, and open the portal.

    `rewrite_journal` lets a damaged, cut or missing journal be written again from a database that knows all it had;
    `without_journal` from any. `progress` hears after every batch. Raises `JournalError`, `ReplayUnderWay`, `OSError`;
    before the journal was verified whole, nothing is changed.
    """
    with one_at_a_time():
        refuse_half_restored()
        broken = _verify(may_rewrite=rewrite_journal or without_journal)
        claim_store(journal_store())
        for chain in broken:
            chain.rewrite(accept_loss=without_journal)
        begin_restoring()
        replay = Replay()
        _bring_back(replay, progress)
        _record_lost_accesses(replay)
        replay.receipts = keep_earlier_receipts()
        replay.asked_anew = _ask_lost_consents_anew(replay)
        if _messages_may_have_been_sent():
            replay.notices = give_up_queued_notices()
        replay.lost_holds = end_lost_holds()
        replay.keys_destroyed += _begin_new_journal()
        replay.erased += finish_erasures(BATCH)
        end_restoring()
    return replay


def forgotten_lines(chain: JournalChain) -> Iterator[Line]:
    """Yield the lines of a chain's journal from the first one on that the database does not hold."""
    has_forgotten = False
    for lines in in_batches(chain.journal.lines(), BATCH):
        if not has_forgotten:
            rows = chain.model._default_manager.filter(position__in=[line["position"] for line in lines])
            held = {position: bytes(digest).hex() for position, digest in rows.values_list("position", "hash")}
        for line in lines:
            has_forgotten = has_forgotten or held.get(line["position"]) != line["hash"]
            if has_forgotten:
                yield line


def _verify(*, may_rewrite: bool) -> list[JournalChain]:
    """Verify every journal, those that were put aside, too; return the chains whose journal is to be written again."""
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


def _bring_back(replay: Replay, progress: Callable[[Replay], None]) -> None:
    for lines in in_batches(forgotten_lines(ERASURES), BATCH):
        counts = bring_back(lines)
        replay.read += len(lines)
        replay.unknown += counts["unknown"]
        replay.erased += counts[Kind.ERASED]
        replay.cancelled += counts[Kind.CANCELLED]
        replay.undone += counts[Kind.UNDONE]
        replay.holds += counts[Kind.HOLD_APPROVED]
        progress(replay)


def _ask_lost_consents_anew(replay: Replay) -> int:
    """Ask everybody anew whose answer the database does not know, whichever restore lost it; return how many."""
    asked = 0
    for journal in [*CONSENTS.archives(), CONSENTS.journal]:
        for lines in in_batches(journal.verified_lines(), BATCH):
            asked += ask_for_consent_again(
                answers=[(UUID(line["id"]), UUID(line["subject_id"]), line["at"]) for line in lines]
            )
    _list_lost(replay, CONSENTS, forgotten_lines(CONSENTS))
    return asked


def _record_lost_accesses(replay: Replay) -> None:
    """Let every act of staff on somebody whom the database knows stand there again; list the rest."""
    for lines in in_batches(forgotten_lines(ACCESSES), BATCH):
        replay.accesses += replay_accesses(lines)
    batches = in_batches(forgotten_lines(ACCESSES), BATCH)
    _list_lost(replay, ACCESSES, (line for lines in batches for line in not_recorded(lines)))


def _list_lost(replay: Replay, chain: JournalChain, forgotten: Iterator[Line]) -> None:
    """Write down, by ids only, what the restored database does not know."""
    name = f"lost-{chain.name}-{_stamp(database_now())}"
    replay.lost[chain.name] = 0
    for number, lines in enumerate(in_batches(forgotten, LISTED_TOGETHER)):
        path = f"{name}.jsonl" if number == 0 else f"{name}-{number}.jsonl"
        journal_store().write(path, encoded(lines))
        replay.lost_lists.append(f"{journal_store().place}/{path}")
        replay.lost[chain.name] += len(lines)


def _messages_may_have_been_sent() -> bool:
    """Whether messages that wait may have gone out before: data and keys were both put back from the past.

    Today's keys know better: the key of a message that was sent is destroyed.
    """
    if keys_were_restored():
        return True
    is_older = any(next(forgotten_lines(chain), None) for chain in journal_chains())
    return is_older and any(chain.is_ahead_of_keys() for chain in journal_chains())


def _begin_new_journal() -> int:
    """Put the old journals aside, copy the chains as they are now, let the keys follow; return how many keys lived."""
    chains = [chain for chain in journal_chains() if next(forgotten_lines(chain), None)]
    destroyed = sum(chain.begin_anew() for chain in chains)
    write_journal()
    return destroyed


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep a replay and a restore apart, on whichever hosts. Raises `ReplayUnderWay`, `OSError`."""
    try:
        with alone("replay"):
            yield
    except LockTaken:
        raise ReplayUnderWay("Another process restores or replays already: let it finish.") from None


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%S%fZ")
