"""The head of each journal file, in the keys database: how far it went, and how far the keys followed it.

A head and the keys are put back together, whoever puts them back. So one rule holds at any time: the keys of everybody
whom a line up to the head says to be erased are destroyed in the same database. Behind it, they are destroyed next.
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
    """Return how far the keys database knows a journal file, or None before its first line."""
    return JournalCheckpoint.objects.filter(pk=chain).first()


@transaction.atomic(using=KEYS)
def advance_checkpoint(chain: str, lines: Sequence[Line]) -> int:
    """Destroy the keys that lines behind the head say are gone, and move the head; return how many lived still."""
    destroyed = sum(destroy_classes(owners, classes) for classes, owners in _erased(lines).items())
    last = lines[-1]
    told = {"position": last["position"], "hash": last["hash"], "signature": last[SIGNATURE]}
    JournalCheckpoint.objects.update_or_create(chain=chain, defaults=told)
    return destroyed


def reset_checkpoint(chain: str) -> None:
    """Let the keys follow a file from its first line on: it is about to be written anew."""
    JournalCheckpoint.objects.filter(pk=chain).delete()


def _erased(lines: Sequence[Line]) -> dict[tuple[str, ...], list[UUID]]:
    found: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for line in lines:
        # What a legal hold kept at the time is not among the line's classes.
        if line.get("kind") == JournalEntry.Kind.ERASED:
            found[tuple(line["classes"])].append(UUID(line["subject_id"]))
    return found
