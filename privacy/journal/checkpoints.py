"""The checkpoint of each journal file, in the keys database: how far the keys followed the journal.

A checkpoint and the keys are always restored together. So one rule holds at any time: the keys of every person whom a
line up to the checkpoint records as erased are destroyed in the same database. Those after it are destroyed next.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from privacy.encryption.keys import destroy_classes
from privacy.encryption.router import KEYS
from privacy.journal.lines import SIGNATURE, Line
from privacy.journal.models import JournalCheckpoint, JournalEntry


def checkpoint_of(chain: str) -> JournalCheckpoint | None:
    """Return the checkpoint of a journal file, or None before its first line."""
    return JournalCheckpoint.objects.filter(pk=chain).first()


@transaction.atomic(using=KEYS)
def advance_checkpoint(chain: str, lines: Sequence[Line]) -> int:
    """Destroy the keys that these lines say are gone, and advance the checkpoint; return how many still existed."""
    destroyed = sum(destroy_classes(owners, classes) for classes, owners in _erased(lines).items())
    last = lines[-1]
    values = {"position": last["position"], "hash": last["hash"], "signature": last[SIGNATURE]}
    JournalCheckpoint.objects.update_or_create(chain=chain, defaults=values)
    return destroyed


def reset_checkpoint(chain: str) -> None:
    """Remove the checkpoint, so that the keys follow a rewritten file from its first line on."""
    JournalCheckpoint.objects.filter(pk=chain).delete()


def _erased(lines: Sequence[Line]) -> dict[tuple[str, ...], list[UUID]]:
    found: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for line in lines:
        # The line's classes do not include those that a legal hold kept.
        if line.get("kind") == JournalEntry.Kind.ERASED:
            found[tuple(line["classes"])].append(UUID(line["subject_id"]))
    return found
