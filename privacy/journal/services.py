"""Note events in the journal's chain, and copy them to the store outside the databases.

The database is written first, so the journal never knows more than it. If it does, the database was restored from the
past, and the portal is in maintenance mode until `manage.py replay_erasures` has run.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import DatabaseError, transaction

from privacy.database.waking import wake
from privacy.journal.chains import JournalChain
from privacy.journal.errors import JournalError
from privacy.journal.identity import adopt_store, known_identity, refuse_other_store
from privacy.journal.lines import Line
from privacy.journal.locks import IN_A_REQUEST, IN_A_TASK, JournalBusy
from privacy.journal.models import JournalEntry
from privacy.journal.store import journal_store
from privacy.operations.collecting import declared

logger = logging.getLogger(__name__)
WRITE = "privacy.journal.tasks.write_journal"

ERASURES = JournalChain(
    "erasures",
    JournalEntry,
    ("id", "kind", "subject_id", "item", "reference", "clause", "classes", "due_at", "deadline_at", "at", "details"),
)


def journal_chains() -> Sequence[JournalChain]:
    """Return every chain of evidence that is copied to the journal; that of erasures is first."""
    others = [chain for chain in declared(JournalChain) if chain is not ERASURES]
    return [ERASURES, *others]


def note(*, entries: Sequence[JournalEntry]) -> None:
    """Note events at the end of the journal's chain, in the caller's transaction."""
    JournalEntry.append_all(entries)


def note_at_once(*, entries: Sequence[JournalEntry]) -> None:
    """Note events in the caller's transaction, and copy them to the store after its commit.

    A folder has them before the answer is given. A bucket is not called while a person waits: a task copies them at
    once.
    """
    note(entries=entries)
    copy_at_once(ERASURES)


def copy_at_once(chain: JournalChain) -> None:
    """Copy what a chain has new after the caller's commit, as `note_at_once` does."""
    transaction.on_commit(partial(write_at_once, chain) if journal_store().is_local else partial(wake, WRITE))


def entry_of(line: Line) -> JournalEntry:
    """Return the entry from which a line of the journal was copied, with its own number; not stored yet."""
    times = {name: dt.datetime.fromisoformat(line[name]) if line[name] else None for name in ("due_at", "deadline_at")}
    numbers = {name: UUID(line[name]) for name in ("id", "subject_id", "item")}
    columns = {name: line[name] for name in ("kind", "reference", "clause", "classes")}
    at = dt.datetime.fromisoformat(line["at"])
    return JournalEntry(**numbers, **columns, **times, at=at, details=line.get("details", {}))


def write_journal(*, wait: timedelta = IN_A_TASK) -> int:
    """Copy to the store what it lacks, and destroy keys up to that point; return how many lines.

    Raises `JournalError` if journal and databases do not agree, and `OSError` if the store cannot be written, or
    another process writes for longer than `wait`.
    """
    settle_store(wait=wait)
    return sum(chain.write(wait=wait) for chain in journal_chains())


def write_erasures(*, wait: timedelta = IN_A_TASK) -> int:
    """Copy only the journal of erasures: it must be safe before a key is destroyed. Raises as `write_journal`."""
    return ERASURES.write(wait=wait)


def write_at_once(chain: JournalChain = ERASURES) -> None:
    """Copy one chain to the store now. If that fails, the sweep does it, and no key is destroyed before."""
    try:
        chain.write(wait=IN_A_REQUEST)
    except JournalBusy:
        logger.warning("Another process writes the journal: the sweep copies what is new.")
    except (OSError, JournalError, DatabaseError) as error:
        logger.error("The journal cannot be written (%s).", type(error).__name__)  # noqa: TRY400 - no trace


def check_journal() -> dict[str, Line]:
    """Compare the ends of every chain with both databases; return them. Raises `JournalError` and `OSError`."""
    ends = {chain.name: chain.check() for chain in journal_chains()}
    return {name: last for name, last in ends.items() if last is not None}


def settle_store(*, wait: timedelta = IN_A_TASK) -> None:
    """Refuse a store of another portal or host; record a new one in the databases.

    Raises `JournalError` and `OSError`; a store that does not agree with the databases is not recorded.
    """
    refuse_other_store(journal_store())
    if known_identity() is None:
        check_journal()
        adopt_store(journal_store(), wait=wait)
        # Another host may have recorded its own store first.
        refuse_other_store(journal_store())
