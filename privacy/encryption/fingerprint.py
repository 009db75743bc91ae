"""The fingerprint of the keys database, stored in the data, so that no other keys database is used with them.

An empty or a wrong keys database would get new system keys: no one would be found, and the evidence would look forged.
"""

import hashlib
import hmac

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from privacy.encryption.master_keys import CannotOpen, master_keys
from privacy.encryption.models import BLIND_INDEX_KEY, KeysFingerprint, SystemKey


class WrongKeysDatabase(ImproperlyConfigured):
    """The keys database is not the one that belongs to the data; nothing was changed."""


def stored_fingerprint() -> str:
    """Return the fingerprint stored in the data; empty before the first start, and in data of earlier versions."""
    if KeysFingerprint._meta.db_table not in connections["default"].introspection.table_names():
        return ""
    return KeysFingerprint.objects.values_list("fingerprint", flat=True).first() or ""


def present_fingerprint() -> str:
    """Return the fingerprint of the keys database; empty if it has no system keys. Raises `WrongKeysDatabase`.

    It is a keyed hash under the key of blind indexes. That key is never made a second time, so every backup of the keys
    has it, also backups of earlier versions.
    """
    row = SystemKey.objects.filter(pk=BLIND_INDEX_KEY).first()
    if row is None:
        return ""
    try:
        key = master_keys().unwrap(row.master_key, bytes(row.wrapped), row.name)
    except CannotOpen as reason:
        raise WrongKeysDatabase(f"MASTER_KEYS does not open the keys database (KEYS_DATABASE_URL). {reason}") from None
    return hmac.new(key, b"fingerprint of the keys database", hashlib.sha256).hexdigest()


def refuse_another_keys_database() -> None:
    """Raise `WrongKeysDatabase` if the data name another keys database."""
    stored = stored_fingerprint()
    if not stored:
        return
    present = present_fingerprint()
    if not present:
        raise WrongKeysDatabase(
            "The keys database (KEYS_DATABASE_URL) is empty, and the data database has data. Correct the address, or "
            "restore the keys as docs/backups.md says."
        )
    if not hmac.compare_digest(stored, present):
        raise WrongKeysDatabase(
            "The keys database (KEYS_DATABASE_URL) does not belong to the data database (DATABASE_URL). Correct the "
            "address that is wrong, or restore what belongs together as docs/backups.md says."
        )
