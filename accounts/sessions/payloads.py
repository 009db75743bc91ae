"""A session's payload, sealed to its row (the hash of secret and kind) and its person."""

from typing import Any
from uuid import UUID

from django.contrib.sessions.serializers import JSONSerializer

from privacy.encryption.keys import KeyDestroyed, KeyMissing
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import Place, seal, seal_for_system, unseal, unseal_for_system
from privacy.inventory.retention_classes import RetentionClass

SYSTEM_KEY = "sessions"
# Part of the associated data: a payload can be decrypted in this column only.
TABLE, COLUMN = "accounts_session", "session_data"


def seal_payload(payload: dict[str, Any], session_key: str, subject_id: UUID | None) -> str:
    """Return the sealed payload of a session as hexadecimal text, under its person's key, else a system key.

    Raises `KeyDestroyed`, `KeyMissing`.
    """
    data: bytes = JSONSerializer().dumps(payload)
    if subject_id is None:
        return seal_for_system(data, SYSTEM_KEY, _associated(session_key)).hex()
    return seal(data.decode(), _place(session_key, subject_id)).hex()


def open_payload(sealed: str, session_key: str, subject_id: UUID | None) -> dict[str, Any]:
    """Return the payload, or an empty one where it is changed, or of another row or person."""
    try:
        data = bytes.fromhex(sealed)
        if subject_id is None:
            return _loaded(unseal_for_system(data, SYSTEM_KEY, _associated(session_key)))
        return _loaded(unseal(data, _place(session_key, subject_id)).encode())
    except (CannotOpen, KeyDestroyed, KeyMissing, ValueError):
        return {}


def _loaded(data: bytes) -> dict[str, Any]:
    payload: dict[str, Any] = JSONSerializer().loads(data)
    return payload


def _associated(session_key: str) -> str:
    return f"session|{session_key}"


def _place(session_key: str, subject_id: UUID) -> Place:
    return Place(TABLE, COLUMN, session_key, subject_id, RetentionClass.SIGN_IN)
