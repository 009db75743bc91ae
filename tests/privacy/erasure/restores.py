"""Databases that go back in time, as after a restore; tests/faults/ restores whole backups."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from privacy.encryption.keys import forget_keys
from privacy.journal.maintenance import forget_answer
from privacy.journal.services import write_journal


@contextmanager
def restored_after(*databases: str) -> Iterator[None]:
    """Journal what happens inside; then roll these databases back, as a restore does."""
    databases = databases or ("default",)
    before = {alias: transaction.savepoint(using=alias) for alias in databases}
    yield
    write_journal()
    for alias, savepoint in before.items():
        transaction.savepoint_rollback(savepoint, using=alias)
    forget_keys()
    forget_answer()
