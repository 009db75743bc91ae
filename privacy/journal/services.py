"""Note events in the journal, and copy them to the files outside the databases.

The database comes first: the files never know more than it does. Where they do, it was restored from the past, and
the portal serves nobody until `manage.py replay_erasures` has caught up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from privacy.evidence.models import ChainedRecord
from privacy.journal.files import JournalFile, Line, append
from privacy.journal.models import JournalEntry

BATCH = 1000
Kind = JournalEntry.Kind


class PortalHasForgotten(Exception):
    """The journal knows of events that this database does not: it was restored. Run `manage.py replay_erasures`."""


@dataclass(frozen=True)
class JournalledChain:
    """A chain of evidence that is copied to a file: which columns of a row make a line."""

    name: str
    model: type[ChainedRecord]
    columns: tuple[str, ...]

    @property
    def file(self) -> JournalFile:
        """The file of this chain."""
        return JournalFile(journal_folder() / f"{self.name}.jsonl")

    def lines_after(self, position: int, most: int) -> list[Line]:
        """Return what the file keeps of the rows behind a position, oldest first."""
        columns = ("position", *self.columns, "hash")
        rows = self.model._default_manager.filter(position__gt=position).order_by("position").values_list(*columns)
        return [dict(zip(columns, map(_plain, row), strict=True)) for row in rows[:most]]

    def knows(self, line: Line) -> bool:
        """Whether the database holds the row of a line."""
        row = self.model._default_manager.filter(position=line["position"]).values_list("hash", flat=True).first()
        return row is not None and bytes(row).hex() == line["hash"]

    def write(self) -> int:
        """Append what the file does not have yet; return how many lines. Raises `PortalHasForgotten`."""
        with self.file.locked() as descriptor:
            last = self.file.last()
            if last is not None and not self.knows(last):
                raise PortalHasForgotten(f"{self.name}: the journal is ahead of the database.")
            return self._append_after(last["position"] if last else 0, descriptor)

    def _append_after(self, position: int, descriptor: int) -> int:
        written = 0
        while True:
            lines = self.lines_after(position, BATCH)
            if not lines:
                return written
            append(descriptor, lines)
            position, written = lines[-1]["position"], written + len(lines)


ERASURES = JournalledChain(
    "erasures",
    JournalEntry,
    ("id", "kind", "subject_id", "item", "reference", "clause", "classes", "due_at", "deadline_at", "at"),
)
_chains: list[JournalledChain] = [ERASURES]


def journal_chain(chain: JournalledChain) -> None:
    """Let another chain of evidence be copied to the journal, such as consents."""
    _chains.append(chain)


def journalled_chains() -> Sequence[JournalledChain]:
    """Return every chain that is copied to the journal."""
    return _chains


def journal_folder() -> Path:
    """Return where the journal is: outside both databases, best on another disk or machine (`ERASURE_JOURNAL`)."""
    return Path(settings.ERASURE_JOURNAL)


def note(*, entries: Sequence[JournalEntry]) -> None:
    """Note events at the end of the journal's chain, in the caller's transaction."""
    JournalEntry.append_all(entries)


def write_journal() -> int:
    """Copy to the files what they do not have yet; return how many lines.

    Raises `PortalHasForgotten`, and `OSError` where the files cannot be written.
    """
    return sum(chain.write() for chain in _chains)


def write_erasures() -> int:
    """Copy the journal of erasures only: what must be safe before a key is destroyed. Raises as `write_journal`."""
    return ERASURES.write()


def has_forgotten() -> bool:
    """Whether a journal file knows of something that the database does not."""
    return any(not chain.knows(last) for chain in _chains if (last := chain.file.last()))


def _plain(value: Any) -> Any:
    formats: dict[type, Callable[[Any], Any]] = {bytes: bytes.hex, memoryview: lambda data: bytes(data).hex()}
    if type(value) in formats:
        return formats[type(value)](value)
    if value is None or isinstance(value, int | str | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
