"""A chain of evidence that is copied to the journal: written, compared with both databases, rewritten."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any, TypeVar

from privacy.evidence.models import ChainedRecord
from privacy.journal.checkpoints import advance_checkpoint, checkpoint_of, reset_checkpoint
from privacy.journal.earlier_files import EarlierFile, files_put_aside, present_file
from privacy.journal.errors import CannotRewrite, DatabaseRestored, JournalDamaged, JournalError, JournalTruncated
from privacy.journal.lines import SIGNATURE, Line, signed
from privacy.journal.locks import IN_A_COMMAND, IN_A_TASK, chain_lock
from privacy.journal.models import JournalCheckpoint
from privacy.journal.segments import Generation, present_generation
from privacy.journal.store import journal_store

logger = logging.getLogger(__name__)
BATCH = 1000
# How often a reader looks again before it reports missing lines: a writer may be at work.
LOOKS = 3
Thing = TypeVar("Thing")
Journal = Generation | EarlierFile


class Place(Enum):
    """Where the line of the checkpoint is: the last line that the keys database knows."""

    # There is no checkpoint.
    NONE = auto()
    IN_THE_JOURNAL = auto()
    # In a journal that was put aside: the keys come from before a restore. They follow the present one from its start.
    PUT_ASIDE = auto()
    # Nowhere: the journal was cut or changed, or a writer is at work.
    MISSING = auto()


@dataclass(frozen=True)
class JournalChain:
    """Which columns of a row make a line, and how journal, data and keys relate to each other."""

    name: str
    model: type[ChainedRecord]
    columns: tuple[str, ...]
    # The column that says when a row was made.
    time: str = "at"

    @property
    def journal(self) -> Journal:
        """The lines of this chain as the store has them."""
        generation = self._generation
        earlier = present_file(generation.store, self.name)
        return earlier if generation.number == 0 and earlier.exists() else generation

    def archives(self) -> list[Journal]:
        """Return the journals put aside after earlier restores, oldest first, without damaged ones."""
        generation = self._generation
        earlier = [Generation(generation.store, self.name, number) for number in range(generation.number)]
        kept = [each for each in earlier if not each.is_unverified()]
        return [*files_put_aside(generation.store, self.name), *kept]

    def lines_after(self, position: int, most: int) -> list[Line]:
        """Return the lines of the rows after a position, oldest first."""
        columns = ("position", *self.columns, "hash")
        rows = self.model._default_manager.filter(position__gt=position).order_by("position").values_list(*columns)
        return [dict(zip(columns, map(_plain, row), strict=True)) for row in rows[:most]]

    def knows(self, position: int, digest: str) -> bool:
        """Whether the database holds a row at this position with this hash."""
        row = self.model._default_manager.filter(position=position).values_list("hash", flat=True).first()
        return row is not None and bytes(row).hex() == digest

    def check(self) -> Line | None:
        """Compare the ends of journal, data and keys; return the last line. Raises `JournalError` and `OSError`."""
        for look in range(1, LOOKS + 1):
            # The checkpoint first: the journal never ends before it, and both grow.
            checkpoint = checkpoint_of(self.name)
            last = self.journal.last()
            try:
                self._compare(checkpoint, last)
            except (JournalTruncated, JournalDamaged):
                if self._place_of(checkpoint, last) is Place.PUT_ASIDE:
                    self._compare(None, last)
                    return last
                if look == LOOKS:
                    raise
            else:
                return last
        return None

    def verify(self) -> None:
        """Check every segment. Raises `JournalDamaged`, `JournalTruncated` and `OSError`."""
        checkpoint = self._checkpoint_to_compare(self.journal.last())
        last = self.journal.verify()
        _refuse_cut(self.name, checkpoint, last)
        if checkpoint and self._place_of(checkpoint, last) is Place.MISSING:
            raise JournalDamaged(self.name, f"line {checkpoint.position} is not the one that the keys database knows")

    def write(self, *, wait: timedelta = IN_A_TASK) -> int:
        """Append the lines that the journal lacks, and advance the checkpoint; return how many lines.

        Raises as `check`, and `JournalBusy` if another process writes for longer than `wait`.
        """
        written = 0
        while True:
            with chain_lock(self.name, wait):
                batch = self._write_batch(may_take_long=wait >= IN_A_TASK)
            written += batch
            if batch < BATCH:
                return written

    def write_next_generation(self) -> int:
        """Put a verified journal aside, write it again from the database, and destroy the keys of its erasures.

        Return how many of these keys still existed. The database has replayed all that it lacked: see
        `privacy.erasure.replay`.
        """
        with chain_lock(self.name, IN_A_COMMAND):
            self._split_earlier_file()
            return self._rewrite(is_verified=True)

    def rewrite(self, *, accept_loss: bool = False) -> int:
        """Put a damaged, cut or missing journal aside and write it again; return as `write_next_generation`.

        Raises `CannotRewrite` if the database lacks anything that the journal or the keys database knew, unless
        `accept_loss`.
        """
        with chain_lock(self.name, IN_A_COMMAND):
            if not accept_loss:
                self._refuse_loss()
            return self._rewrite(is_verified=False)

    def is_ahead_of_keys(self) -> bool:
        """Whether the keys database knows less than the journal: it was restored from the past, or a process died."""
        last = self.journal.last()
        checkpoint = self._checkpoint_to_compare(last)
        return last is not None and last["position"] > (checkpoint.position if checkpoint else 0)

    @property
    def _generation(self) -> Generation:
        return present_generation(journal_store(), self.name)

    def _write_batch(self, *, may_take_long: bool) -> int:
        journal = self.journal
        last = journal.last()
        checkpoint = self._checkpoint_to_compare(last)
        self._compare(checkpoint, last)
        if isinstance(journal, EarlierFile):
            if not may_take_long:
                return 0
            if last is not None and SIGNATURE not in last:
                self._rewrite(is_verified=False)  # of an even earlier version: it had no signatures
                return int(last["position"])
            self._split_earlier_file()
        self._advance_keys(checkpoint, last)
        lines = signed(self.lines_after(last["position"] if last else 0, BATCH), self.name, last)
        if lines:
            self._generation.extend(lines)
            advance_checkpoint(self.name, lines)
        return len(lines)

    def _split_earlier_file(self) -> None:
        """Store the lines of an earlier version's file as segments, unchanged, and delete the file."""
        file, generation = present_file(journal_store(), self.name), self._generation
        if generation.number or not file.exists():
            return
        done = generation.last()
        for lines in in_batches(file.verified_lines(after=done["position"] if done else 0), BATCH):
            generation.extend(lines)
        if generation.verify() != file.last():
            raise JournalDamaged(self.name, f"{file.name} and its segments differ")
        journal_store().delete(file.name)

    def _checkpoint_to_compare(self, last: Line | None) -> JournalCheckpoint | None:
        """Return the checkpoint, or None if it belongs to a journal that was put aside."""
        checkpoint = checkpoint_of(self.name)
        return None if self._place_of(checkpoint, last) is Place.PUT_ASIDE else checkpoint

    def _place_of(self, checkpoint: JournalCheckpoint | None, last: Line | None) -> Place:
        """Return where the line of a checkpoint is; `last` is the last line of the journal."""
        if checkpoint is None:
            return Place.NONE
        if (last and _is_at(checkpoint, last)) or self.journal.holds(checkpoint.position, checkpoint.signature):
            return Place.IN_THE_JOURNAL
        held = (each for each in self.archives() if each.holds(checkpoint.position, checkpoint.signature))
        return Place.PUT_ASIDE if any(each.was_put_aside() for each in held) else Place.MISSING

    def _compare(self, checkpoint: JournalCheckpoint | None, last: Line | None) -> None:
        _refuse_cut(self.name, checkpoint, last)
        if last is not None and not self.knows(last["position"], last["hash"]):
            raise DatabaseRestored(self.name)

    def _verified_lines_after(self, start: JournalCheckpoint | None) -> Iterator[Line]:
        """Yield the verified lines after a checkpoint, whose own line must be the one that the keys database knows."""
        is_met = start is None
        for line in self._generation.verified_lines(after=start.position - 1 if start else 0):
            if start is not None and line["position"] <= start.position:
                is_met = is_met or _is_at(start, line)
                continue
            if start is not None and not is_met:
                raise JournalDamaged(self.name, f"line {start.position} is not the one that the keys database knows")
            yield line

    def _advance_keys(self, checkpoint: JournalCheckpoint | None, last: Line | None) -> None:
        if last is None or (checkpoint and checkpoint.position == last["position"]):
            return
        self._generation.write_last_again()
        destroyed = sum(
            advance_checkpoint(self.name, lines) for lines in in_batches(self._verified_lines_after(checkpoint), BATCH)
        )
        if destroyed:
            logger.error(
                "%d keys of erased persons still existed and have been destroyed: the keys database was restored from "
                "an older backup, or a process died. If it was restored, keys created since that backup are lost.",
                destroyed,
            )

    def _refuse_loss(self) -> None:
        last = None
        try:
            for last in self.journal.lines():  # noqa: B007 - the last one that can be read
                pass
        except JournalError:
            logger.warning("The journal of %s cannot be read after line %s.", self.name, last and last["position"])
        checkpoint = checkpoint_of(self.name)
        known = [(checkpoint.position, checkpoint.hash)] if checkpoint else []
        known += [(last["position"], last["hash"])] if last else []
        if not all(self.knows(position, digest) for position, digest in known):
            raise CannotRewrite(self.name)

    def _rewrite(self, *, is_verified: bool) -> int:
        """Write the next generation. Until it is complete, the present one stays whole."""
        present = self._generation
        following = Generation(present.store, self.name, present.number + 1)
        following.begin()
        last: Line | None = None
        while lines := signed(self.lines_after(last["position"] if last else 0, BATCH), self.name, last):
            following.extend(lines)
            last = lines[-1]
        reset_checkpoint(self.name)
        present.put_aside(is_verified=is_verified)
        following.complete()
        return sum(
            advance_checkpoint(self.name, lines) for lines in in_batches(self._verified_lines_after(None), BATCH)
        )


def in_batches(things: Iterator[Thing], most: int) -> Iterator[list[Thing]]:
    """Yield lists of at most `most` things, to limit the use of memory."""
    batch: list[Thing] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == most:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_at(checkpoint: JournalCheckpoint, line: Line) -> bool:
    return bool(line["position"] == checkpoint.position and line.get(SIGNATURE) == checkpoint.signature)


def _refuse_cut(chain: str, checkpoint: JournalCheckpoint | None, last: Line | None) -> None:
    position = last["position"] if last else 0
    if checkpoint is None:
        return
    if position < checkpoint.position:
        raise JournalTruncated(chain, position, checkpoint.position)
    if last and position == checkpoint.position and last.get(SIGNATURE) != checkpoint.signature:
        raise JournalDamaged(chain, "its last line is not the one that the keys database knows")


def _plain(value: Any) -> Any:
    formats: dict[type, Callable[[Any], Any]] = {bytes: bytes.hex, memoryview: lambda data: bytes(data).hex()}
    if type(value) in formats:
        return formats[type(value)](value)
    if value is None or isinstance(value, int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
