"""The identity of the journal's store: a random number in the store, which the keys database knows.

Two hosts with a folder each would write two journals of one chain, and each would find the other's lines missing. So a
host whose store has another number, or none, is in maintenance mode and says why.
"""

import uuid
from contextlib import suppress
from datetime import timedelta

from privacy.journal.errors import OtherStore, StoreMissing
from privacy.journal.locks import chain_lock
from privacy.journal.models import JournalStoreIdentity
from privacy.journal.store import JournalStore

NAME = "identity"


def identity_in(store: JournalStore) -> uuid.UUID | None:
    """Return the number in a store; None if there is none, or it was not written by the portal."""
    with suppress(FileNotFoundError, ValueError):
        return uuid.UUID(store.read(NAME).decode().strip())
    return None


def known_identity() -> uuid.UUID | None:
    """Return the number that the keys database knows; None before the first store."""
    return JournalStoreIdentity.objects.values_list("identity", flat=True).first()


def refuse_other_store(store: JournalStore) -> None:
    """Raise `OtherStore` or `StoreMissing` if a store is not the one that the keys database knows."""
    known = known_identity()
    if known is None:
        return
    found = identity_in(store)
    if found is None:
        raise StoreMissing(store.place)
    if found != known:
        raise OtherStore(store.place)


def adopt_store(store: JournalStore, *, wait: timedelta) -> None:
    """Record a store whose journal agrees with the keys database there. Raises `JournalBusy` and `OSError`."""
    with chain_lock(NAME, wait):
        if known_identity() is None:
            JournalStoreIdentity.objects.create(identity=identity_in(store) or _mark(store, uuid.uuid4()))


def claim_store(store: JournalStore) -> None:
    """Record a store whose journal is rewritten as the one that the keys database knows."""
    known = known_identity()
    if known is not None and identity_in(store) != known:
        _mark(store, known)


def _mark(store: JournalStore, identity: uuid.UUID) -> uuid.UUID:
    store.write(NAME, f"{identity}\n".encode())
    return identity
