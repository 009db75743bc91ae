"""Note events in the journal, and copy them to the files outside the databases.

The database comes first: the files never know more than it does. Where they do, it was restored from the past, and
the portal serves nobody until `manage.py replay_erasures` has caught up.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import DatabaseError, transaction

from privacy.journal.chains import JournalledChain
from privacy.journal.faults import JournalFault
from privacy.journal.files import Line
from privacy.journal.models import JournalEntry

logger = logging.getLogger(__name__)
Kind = JournalEntry.Kind

ERASURES = JournalledChain(
    "erasures",
    JournalEntry,
    ("id", "kind", "subject_id", "item", "reference", "clause", "classes", "due_at", "deadline_at", "at", "details"),
)
_chains: list[JournalledChain] = [ERASURES]


def journal_chain(chain: JournalledChain) -> None:
    """Let another chain of evidence be copied to the journal, such as consents."""
    _chains.append(chain)


def journalled_chains() -> Sequence[JournalledChain]:
    """Return every chain that is copied to the journal."""
    return _chains


def note(*, entries: Sequence[JournalEntry]) -> None:
    """Note events at the end of the journal's chain, in the caller's transaction."""
    JournalEntry.append_all(entries)


def note_at_once(*, entries: Sequence[JournalEntry]) -> None:
    """Note events in the caller's transaction, and copy them to the file as soon as that is through."""
    note(entries=entries)
    transaction.on_commit(write_journal_or_wait)


def entry_of(line: Line) -> JournalEntry:
    """Return the entry that a line of the journal was copied from, with its own number; not stored yet."""
    times = {name: dt.datetime.fromisoformat(line[name]) if line[name] else None for name in ("due_at", "deadline_at")}
    numbers = {name: UUID(line[name]) for name in ("id", "subject_id", "item")}
    told = {name: line[name] for name in ("kind", "reference", "clause", "classes")}
    at = dt.datetime.fromisoformat(line["at"])
    return JournalEntry(**numbers, **told, **times, at=at, details=line.get("details", {}))


def write_journal() -> int:
    """Copy to the files what they do not have yet, and let the keys follow; return how many lines.

    Raises `JournalFault` where files and databases do not agree, and `OSError` where the files cannot be written.
    """
    return sum(chain.write() for chain in _chains)


def write_erasures() -> int:
    """Copy the journal of erasures only: what must be safe before a key is destroyed. Raises as `write_journal`."""
    return ERASURES.write()


def write_journal_or_wait() -> None:
    """Copy the journal to its file now; where that fails, the sweep does it, and no key is destroyed before."""
    try:
        write_erasures()
    except (OSError, JournalFault, DatabaseError) as error:
        logger.error("The erasure journal cannot be written (%s).", type(error).__name__)  # noqa: TRY400 - no trace


def check_journal() -> None:
    """Compare the ends of every file with both databases. Raises `JournalFault` and `OSError`."""
    for chain in _chains:
        chain.check()
