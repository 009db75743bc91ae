"""The package with which a person moves to the portal of another company: a file that only its code opens, for a day.

No server sends data across: the person carries the file. It holds what they gave, and says until when it works.
The portal that opens it takes nothing for proved: the person reads every field, agrees, and confirms their addresses.
"""

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from accounts.contact_points.services import every_contact
from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_values
from accounts.users.models import User
from privacy.evidence.clock import database_now
from privacy.inventory.declarations import Kind
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.country_codes import is_country
from privacy.subjects.references import new_reference, read_reference

LIFETIME = dt.timedelta(hours=24)
# The first bytes of every package, which the encryption covers, too. Another form gets another number.
MAGIC = b"PORTAL-MOVE-1\n"
NONCE_BYTES, KEY_BYTES = 12, 32
MOST_BYTES = 64 * 1024


class PackageRefused(ValueError):
    """The package cannot be opened; `why` is `wrong`, `expired` or `not_one`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Package:
    """A sealed package and the code that opens it, which is stored nowhere; both are shown once."""

    content: bytes
    code: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class Moved:
    """What a package says of a person: the kind of registration, and the values of fields as text by their keys."""

    kind: str
    values: Mapping[str, str]


def make_package(*, user: User, profile: Profile, country: str) -> Package:
    """Return the package of a person who moves to a country: their profile, username and contact points.

    The password is not in it: only a hash of it is stored.
    """
    values = profile_values(profile) | {contact.field: contact.value for contact in every_contact(user.subject_id)}
    values |= {"username": user.username, "country": country}
    expires_at, code = database_now() + LIFETIME, new_reference()
    said = {
        "kind": profile.kind,
        "expires_at": expires_at.isoformat(),
        "values": {key: _text(value) for key, value in values.items() if value},
    }
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key_of(code)).encrypt(nonce, json.dumps(said).encode(), MAGIC)
    return Package(MAGIC + nonce + sealed, code, expires_at)


def open_package(content: bytes, code: str) -> Moved:
    """Return what a package says. Raises `PackageRefused`."""
    if not content.startswith(MAGIC) or len(content) > MOST_BYTES:
        raise PackageRefused("not_one")
    nonce, sealed = content[len(MAGIC) :][:NONCE_BYTES], content[len(MAGIC) + NONCE_BYTES :]
    try:
        opened = AESGCM(key_of(read_reference(code))).decrypt(nonce, sealed, MAGIC)
    except (InvalidTag, ValueError):
        raise PackageRefused("wrong") from None
    # Anyone can make a file and a code: what it says is checked as what a stranger types.
    try:
        return _checked(json.loads(opened))
    except PackageRefused:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise PackageRefused("not_one") from None


def _checked(said: Any) -> Moved:
    """Return the values that a form asks for; a package of another release may hold others."""
    if dt.datetime.fromisoformat(said["expires_at"]) <= database_now():
        raise PackageRefused("expired")
    kind, values = Kind(said["kind"]), said["values"]
    if not is_country(values["country"]):
        raise PackageRefused("not_one")
    known = {field.key for field in fields_for(kind)} - {"password"}
    return Moved(kind.value, {key: value for key, value in values.items() if key in known and isinstance(value, str)})


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def key_of(code: str) -> bytes:
    """Return the key of a code. It holds 100 random bits, so that no slow function has to protect it."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=MAGIC).derive(code.encode())
