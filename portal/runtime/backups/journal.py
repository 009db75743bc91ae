"""Checks that the erasure journal is complete and no older than a backup: without it, erasures cannot be replayed."""

from collections.abc import Mapping

from django.db import connections

from privacy.encryption.models import SystemKey
from privacy.encryption.router import KEYS
from privacy.journal.errors import JournalError
from privacy.journal.identity import identity_in, refuse_other_store
from privacy.journal.lines import JOURNAL_KEY
from privacy.journal.models import JournalCheckpoint, JournalStoreIdentity
from privacy.journal.services import ERASURES, journal_chains
from privacy.journal.store import journal_store


class NoJournal(JournalError):
    """There is no erasure journal, or it is older than the backup."""


def refuse_without_journal(positions: Mapping[str, int]) -> None:
    """Raise `JournalError` where the erasure journal ends before the position in a backup's manifest."""
    store = journal_store()
    if identity_in(store) is None and not ERASURES.journal.exists():
        raise NoJournal(
            f"There is no journal in {store.place}, so it is unknown who was erased since the backup. "
            "Restore the journal, or add --without-journal."
        )
    last, known = ERASURES.journal.last(), positions.get(ERASURES.name, 0)
    position = last["position"] if last else 0
    if position < known:
        raise NoJournal(
            f"The journal in {store.place} ends at line {position} and the backup was made at line {known}: it is "
            "older than the backup, or was cut. Restore the newest one, or add --without-journal."
        )
    if _keys_are_here():
        refuse_other_store(store)
        for chain in journal_chains():
            chain.verify()


def _keys_are_here() -> bool:
    """Whether the keys database can verify the journal; if it is lost, the replay verifies it afterwards."""
    tables = connections[KEYS].introspection.table_names()
    here = {model._meta.db_table for model in (SystemKey, JournalCheckpoint, JournalStoreIdentity)} <= set(tables)
    return here and SystemKey.objects.filter(pk=JOURNAL_KEY).exists()
