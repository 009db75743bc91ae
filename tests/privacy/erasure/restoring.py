"""Databases that go back, as a restore lets them; whole backups are restored in tests/faults/."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from privacy.encryption.keys import forget_keys
from privacy.journal.maintenance import forget_answer
from privacy.journal.services import write_journal


@contextmanager
def forgotten(*databases: str) -> Iterator[None]:
    """What happens inside is journalled; then these databases are as they were before."""
    databases = databases or ("default",)
    before = {alias: transaction.savepoint(using=alias) for alias in databases}
    yield
    write_journal()
    for alias, savepoint in before.items():
        transaction.savepoint_rollback(savepoint, using=alias)
    forget_keys()
    forget_answer()
