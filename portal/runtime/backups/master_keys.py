"""The master keys that a backup of keys needs: its manifest has a wrapped key of each, to test before a restore."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from privacy.encryption.keys import associated, system_key
from privacy.encryption.master_keys import CannotOpen, master_keys
from privacy.encryption.models import BLIND_INDEX_KEY, DataKey, SystemKey
from privacy.encryption.rotation import keys_by_master
from privacy.evidence.models import EVIDENCE_KEY
from privacy.holds.replay import BASIS_KEY
from privacy.journal.lines import JOURNAL_KEY
from privacy.recipients.references import KEY_NAME as REFERENCES_KEY
from privacy.recipients.signing_secrets import KEY_NAME as SECRETS_KEY

Probe = dict[str, str]
LASTING = (EVIDENCE_KEY, JOURNAL_KEY, BASIS_KEY, BLIND_INDEX_KEY, REFERENCES_KEY, SECRETS_KEY)


def make_system_keys() -> None:
    """Make the system keys that must exist in every backup of the keys.

    A restore reads the journal with them; blind indexes and pseudonyms depend on them.
    """
    for name in LASTING:
        system_key(name)


def probes() -> dict[str, Probe]:
    """Return one wrapped key for each master key that wraps any."""
    return {master_id: _probe(master_id) for master_id in keys_by_master()}


def missing_master_keys(needed: Mapping[str, Probe] | list[str]) -> list[str]:
    """Return the ids of master keys in a manifest that are not configured here, or have another value."""
    if isinstance(needed, list):  # manifests of earlier versions list every configured key
        return [master_id for master_id in needed if master_id not in settings.MASTER_KEYS]
    return [master_id for master_id, probe in needed.items() if not _opens(master_id, probe)]


def _probe(master_id: str) -> Probe:
    stored = SystemKey.objects.filter(master_key=master_id).first()
    if stored:
        return {"associated": stored.name, "wrapped": bytes(stored.wrapped).hex()}
    row = DataKey.objects.filter(master_key=master_id, wrapped__isnull=False).first()
    if row is None:  # destroyed or wrapped again meanwhile
        return {}
    return {"associated": associated(row.owner, row.retention_class), "wrapped": bytes(row.wrapped or b"").hex()}


def _opens(master_id: str, probe: Mapping[str, Any]) -> bool:
    if not probe:
        return True
    try:
        master_keys().unwrap(master_id, bytes.fromhex(probe["wrapped"]), probe["associated"])
    except CannotOpen:
        return False
    return True
