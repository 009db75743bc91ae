"""Pairs the data with their keys database at the first start, and checks the pair at every later one."""

from privacy.encryption.fingerprint import (
    WrongKeysDatabase,
    present_fingerprint,
    refuse_another_keys_database,
    stored_fingerprint,
)
from privacy.encryption.keys import system_key
from privacy.encryption.models import BLIND_INDEX_KEY, DataKey, KeysFingerprint
from privacy.subjects.models import DataSubject

# How many persons' keys are looked for, in data that name no keys database yet.
ASKED = 200


def pair_databases() -> None:
    """Write the fingerprint of the keys into new data, or check it. Raises `WrongKeysDatabase`."""
    if not stored_fingerprint():
        _refuse_mismatch()
        system_key(BLIND_INDEX_KEY)
        KeysFingerprint.objects.get_or_create(defaults={"fingerprint": present_fingerprint()})
    refuse_another_keys_database()


def _refuse_mismatch() -> None:
    """Raise `WrongKeysDatabase` unless both databases are new, or hold data of an earlier version and their keys."""
    people = list(DataSubject.objects.values_list("pk", flat=True)[:ASKED])
    if people and not (present_fingerprint() and DataKey.objects.filter(owner__in=people).exists()):
        raise WrongKeysDatabase(
            "The keys database (KEYS_DATABASE_URL) has no keys of the people in the data database (DATABASE_URL). "
            "Correct the address that is wrong, or restore the keys as docs/backups.md says."
        )
    if not people and DataKey.objects.exists():
        raise WrongKeysDatabase(
            "The data database (DATABASE_URL) is empty, and the keys database (KEYS_DATABASE_URL) has the keys of "
            "other data. Correct the address that is wrong, restore the data as docs/backups.md says, or begin with "
            "an empty keys database."
        )
