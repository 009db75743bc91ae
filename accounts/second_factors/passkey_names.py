"""The names of passkeys: the one that its owner typed, else the device that made it, else a number.

A typed name is personal: it is sealed in allauth's data, tied to its person and to the key, so that it stays with the
key where undoing a change restores it.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from accounts.security_events.devices import UNKNOWN, device_words
from accounts.sessions.names import NamedGone
from privacy.encryption.keys import KeyDestroyed, KeyMissing
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import Place, seal, unseal
from privacy.inventory.retention_classes import RetentionClass

# Keys of our own in allauth's data.
TYPED, DEVICE = "typed_name", "made_on"


def name_of(passkey: Authenticator) -> str:
    """Return the name of a passkey; one that no one typed is in the reader's language."""
    if typed := typed_name(passkey):
        return typed
    device = passkey.data.get(DEVICE, UNKNOWN)
    if device != UNKNOWN:
        return device_words(device)
    return _("Passkey %(number)s") % {"number": passkey.data["name"].rpartition(" ")[2]}


def typed_name(passkey: Authenticator) -> str:
    """Return the name that its owner typed; empty without one, or with that of another passkey or person."""
    try:
        return unseal(bytes.fromhex(passkey.data.get(TYPED, "")), _place(passkey))
    except (CannotOpen, KeyDestroyed, KeyMissing, ValueError):
        return ""


def rename_passkey(passkey: Authenticator, name: str) -> None:
    """Store the cleaned name that its owner typed. Raises `KeyDestroyed`, `NamedGone`."""
    _change(passkey, TYPED, seal(name, _place(passkey)).hex())


def note_device(passkey: Authenticator, device: str) -> None:
    """Store the family of the device that made a passkey."""
    _change(passkey, DEVICE, device)


def _change(passkey: Authenticator, key: str, value: str) -> None:
    passkey.data[key] = value
    if not Authenticator.objects.filter(pk=passkey.pk).update(data=passkey.data):
        raise NamedGone("The passkey was removed in the meantime.")


def _place(passkey: Authenticator) -> Place:
    credential: dict[str, Any] = passkey.data.get("credential", {})
    owner = passkey.user
    row = f"{owner.pk.hex}:{credential.get('id', '')}"
    return Place(Authenticator._meta.db_table, TYPED, row, owner.subject_id, RetentionClass.ACCOUNT)
