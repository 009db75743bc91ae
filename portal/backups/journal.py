"""Whether the erasure journal is there, whole, and no older than a backup: without it nobody knows whom to forget."""

from collections.abc import Mapping

from django.db import connections

from privacy.encryption.models import HouseKey
from privacy.encryption.router import KEYS
from privacy.journal.chains import journal_folder
from privacy.journal.faults import JournalFault
from privacy.journal.files import JOURNAL_KEY
from privacy.journal.models import JournalHead
from privacy.journal.services import ERASURES, journalled_chains


class NoJournal(JournalFault):
    """There is no erasure journal, or one that is older than the backup."""


def refuse_without_journal(positions: Mapping[str, int]) -> None:
    """Raise `JournalFault` unless the journal of erasures goes at least as far as a backup's manifest says."""
    if not ERASURES.file.exists():
        raise NoJournal(
            f"There is no journal {ERASURES.file.path}: nobody would know who was erased since the backup. "
            "Put it back, or say --without-journal."
        )
    last, known = ERASURES.file.last(), positions.get(ERASURES.name, 0)
    position = last["position"] if last else 0
    if position < known:
        raise NoJournal(
            f"The journal in {journal_folder()} ends at line {position} and the backup was made at line {known}: it is "
            "older than the backup, or was cut. Put the newest one back, or say --without-journal."
        )
    if _keys_are_here():
        for chain in journalled_chains():
            chain.verify()


def _keys_are_here() -> bool:
    """Whether the keys database can say if the journal is whole; where it was lost, the replay verifies afterwards."""
    tables = connections[KEYS].introspection.table_names()
    here = {HouseKey._meta.db_table, JournalHead._meta.db_table} <= set(tables)
    return here and HouseKey.objects.filter(pk=JOURNAL_KEY).exists()
