"""A chain of evidence that is copied to a journal file: written, compared with both databases, written anew."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from privacy.evidence.clock import database_now
from privacy.evidence.models import ChainedRecord
from privacy.journal.faults import CannotRewrite, JournalCut, JournalDamaged, JournalFault, PortalHasForgotten
from privacy.journal.files import SIGNATURE, JournalFile, Line, append, signed
from privacy.journal.heads import advance_head, head_of, reset_head
from privacy.journal.models import JournalHead

logger = logging.getLogger(__name__)
BATCH = 1000
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class JournalledChain:
    """Which columns of a row make a line, and how file, data and keys stand to one another."""

    name: str
    model: type[ChainedRecord]
    columns: tuple[str, ...]

    @property
    def file(self) -> JournalFile:
        """The file of this chain."""
        return JournalFile(journal_folder() / f"{self.name}.jsonl", self.name)

    def lines_after(self, position: int, most: int) -> list[Line]:
        """Return what the file keeps of the rows behind a position, oldest first."""
        columns = ("position", *self.columns, "hash")
        rows = self.model._default_manager.filter(position__gt=position).order_by("position").values_list(*columns)
        return [dict(zip(columns, map(_plain, row), strict=True)) for row in rows[:most]]

    def knows(self, position: int, digest: str) -> bool:
        """Whether the database holds a row at this position with this hash."""
        row = self.model._default_manager.filter(position=position).values_list("hash", flat=True).first()
        return row is not None and bytes(row).hex() == digest

    def check(self) -> None:
        """Compare the ends of file, data and keys; costs three reads. Raises `JournalFault` and `OSError`."""
        # The head first: the file never ends before it, and both grow.
        head = head_of(self.name)
        last = self.file.last()
        try:
            self._compare(head, last)
        except (JournalCut, JournalDamaged):
            if self._head(last) is not None:
                raise
            self._compare(None, last)

    def verify(self) -> None:
        """Read the whole file and check every signature. Raises `JournalDamaged`, `JournalCut` and `OSError`."""
        head = self._head(self.file.last())
        last = None
        for last in self._lines_behind(None, head):  # noqa: B007 - the last one is asked for below
            pass
        _refuse_cut(self.name, head, last)

    def write(self) -> int:
        """Append what the file does not have yet, and let the keys follow; return how many lines. Raises as `check`."""
        self.check()
        with self.file.locked() as descriptor:
            last = self.file.last()
            head = self._head(last)
            self._compare(head, last)
            if last is not None and SIGNATURE not in last:
                self._rewrite(is_verified=False)  # of an earlier version: it had no signatures
                return int(last["position"])
            self._let_keys_follow(head, last, descriptor)
            return self._append_after(last, descriptor)

    def begin_anew(self) -> int:
        """Put a verified file aside, write it anew from the database, let the keys follow; return how many keys lived.

        The database brought about again all that it had: see `privacy.erasure.replaying`.
        """
        with self.file.locked():
            return self._rewrite(is_verified=True)

    def rewrite(self, *, accept_loss: bool = False) -> int:
        """Put a damaged, cut or missing file aside and write it anew; return as `begin_anew`.

        Raises `CannotRewrite` where the database does not know all that the file or the keys database knew, unless
        `accept_loss`.
        """
        with self.file.locked():
            if not accept_loss:
                self._refuse_loss()
            return self._rewrite(is_verified=False)

    def is_ahead_of_keys(self) -> bool:
        """Whether the keys database knows less than the file: it was put back from the past, or a process died."""
        last = self.file.last()
        head = self._head(last)
        return last is not None and last["position"] > (head.position if head else 0)

    def _head(self, last: Line | None) -> JournalHead | None:
        """Return the head, or None where it is that of a file put aside: the keys come from before a restore.

        Such keys follow the present file from its first line on. Where the head is not the last line, files are read.
        """
        head = head_of(self.name)
        if head is None or (last and _is_at(head, last)) or _holds(self.file, head):
            return head
        return None if any(file.was_put_aside() and _holds(file, head) for file in self.file.archives()) else head

    def _compare(self, head: JournalHead | None, last: Line | None) -> None:
        _refuse_cut(self.name, head, last)
        if last is not None and not self.knows(last["position"], last["hash"]):
            raise PortalHasForgotten(self.name)

    def _lines_behind(self, start: JournalHead | None, head: JournalHead | None) -> Iterator[Line]:
        """Yield the verified lines behind a head; the line at the head must be the one that the keys database knows."""
        for line in self.file.verified_lines():
            if head and line["position"] == head.position and line[SIGNATURE] != head.signature:
                raise JournalDamaged(self.name, f"line {head.position} is not the one that the keys database knows")
            if start is None or line["position"] > start.position:
                yield line

    def _let_keys_follow(self, head: JournalHead | None, last: Line | None, descriptor: int) -> None:
        if last is None or (head and head.position == last["position"]):
            return
        # Whoever wrote these lines may have died, or the disk was full, before it had them for good.
        os.fsync(descriptor)
        destroyed = sum(advance_head(self.name, lines) for lines in in_batches(self._lines_behind(head, head), BATCH))
        if destroyed:
            logger.error(
                "%d keys of erased persons lived and are destroyed: the keys database was put back from the past, or a "
                "process died. Keys that were made since are lost.",
                destroyed,
            )

    def _append_after(self, last: Line | None, descriptor: int) -> int:
        written = 0
        for lines in self._signed_after(last):
            append(descriptor, lines)
            advance_head(self.name, lines)
            written += len(lines)
        return written

    def _signed_after(self, last: Line | None) -> Iterator[list[Line]]:
        while lines := self.lines_after(last["position"] if last else 0, BATCH):
            done = signed(lines, self.name, last)
            yield done
            last = done[-1]

    def _refuse_loss(self) -> None:
        last = None
        try:
            for last in self.file.lines():  # noqa: B007 - the last one that can be read
                pass
        except JournalFault:
            logger.warning("The journal of %s cannot be read behind line %s.", self.name, last and last["position"])
        head = head_of(self.name)
        known = [(head.position, head.hash)] if head else []
        known += [(last["position"], last["hash"])] if last else []
        if not all(self.knows(position, digest) for position, digest in known):
            raise CannotRewrite(self.name)

    def _rewrite(self, *, is_verified: bool) -> int:
        """Write a new file in the place of the locked one, so that at any moment one of the two is there, whole."""
        path = self.file.path
        draft = JournalFile(path.with_suffix(".new"), self.name)
        draft.path.unlink(missing_ok=True)
        with draft.locked() as descriptor:
            for lines in self._signed_after(None):
                append(descriptor, lines)
        reset_head(self.name)
        if path.stat().st_size:
            self.file.put_aside(f"{database_now():%Y%m%dT%H%M%S%fZ}", is_verified=is_verified)
        draft.path.replace(path)
        return sum(advance_head(self.name, lines) for lines in in_batches(self._lines_behind(None, None), BATCH))


def journal_folder() -> Path:
    """Return where the journal is: outside both databases, best on another disk or machine (`ERASURE_JOURNAL`)."""
    return Path(settings.ERASURE_JOURNAL)


def in_batches(things: Iterator[Thing], most: int) -> Iterator[list[Thing]]:
    """Yield lists of at most so many things, so that no memory holds them all."""
    batch: list[Thing] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == most:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_at(head: JournalHead, line: Line) -> bool:
    return bool(line["position"] == head.position and line.get(SIGNATURE) == head.signature)


def _holds(file: JournalFile, head: JournalHead) -> bool:
    with suppress(JournalDamaged):
        return any(_is_at(head, line) for line in file.lines())
    return False


def _refuse_cut(chain: str, head: JournalHead | None, last: Line | None) -> None:
    position = last["position"] if last else 0
    if head is None:
        return
    if position < head.position:
        raise JournalCut(chain, position, head.position)
    if last and position == head.position and last.get(SIGNATURE) != head.signature:
        raise JournalDamaged(chain, "its last line is not the one that the keys database knows")


def _plain(value: Any) -> Any:
    formats: dict[type, Callable[[Any], Any]] = {bytes: bytes.hex, memoryview: lambda data: bytes(data).hex()}
    if type(value) in formats:
        return formats[type(value)](value)
    if value is None or isinstance(value, int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
