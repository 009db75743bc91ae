"""Begin and end passkey ceremonies: a challenge is for one ceremony and one person, once, within five minutes.

WebAuthn level 3, 7.1 and 7.2; a session has one challenge at a time, the newest.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from allauth.mfa.webauthn.internal import auth
from django.core.cache import cache
from django.http import HttpRequest
from fido2.cose import CoseKey
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from accounts.users.models import User
from privacy.encryption.fields import blind_index

SESSION_KEY = "passkey_ceremony"
HOLDS_FOR_SECONDS = 300
# The label of the algorithm in a key (RFC 9052, 7.1).
COSE_ALGORITHM = 3


class Ceremony(StrEnum):
    """The purposes of a passkey challenge."""

    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    AGAIN = "again"
    ADD = "add"


class ChallengeVoid(ValueError):
    """This session has no challenge for such an answer: begin the ceremony again."""


def begin_ceremony(request: HttpRequest, ceremony: Ceremony, user: User | None = None) -> dict[str, Any]:
    """Return the options for a passkey as plain JSON values, and keep the challenge in the session.

    `user` is the person that the ceremony is for; None for `SIGN_IN`, which asks the passkey to verify its user.
    """
    if ceremony is Ceremony.ADD:
        options = auth.begin_registration(user, passwordless=True)
    else:
        options = auth.begin_authentication(user)
    request.session[SESSION_KEY] = {
        "ceremony": ceremony.value,
        "user": _user_mark(user),
        "until": time.time() + HOLDS_FOR_SECONDS,
        "state": request.session.pop(auth.STATE_SESSION_KEY),
    }
    plain: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return plain


@contextmanager
def answered_ceremony(request: HttpRequest, ceremony: Ceremony, user: User | None = None) -> Iterator[None]:
    """Check the answer to this session's challenge inside a `with`; the challenge is used up in any case.

    Raises `ChallengeVoid` for a challenge of another ceremony or person, a too old one, and an answered one.
    """
    request.session[auth.STATE_SESSION_KEY] = _take_challenge(request, ceremony, user)
    try:
        yield
    finally:
        request.session.pop(auth.STATE_SESSION_KEY, None)


def is_user_verified(credential: dict[str, Any]) -> bool:
    """Whether the passkey says, in the data that it signed, that it verified its user by PIN or biometrics."""
    return AuthenticationResponse.from_dict(credential).response.authenticator_data.is_user_verified()


def has_known_algorithm(credential: dict[str, Any]) -> bool:
    """Whether signatures of a registered key can be verified: fido2 accepts keys of any algorithm."""
    made = RegistrationResponse.from_dict(credential).response.attestation_object.auth_data.credential_data
    return made is not None and made.public_key.get(COSE_ALGORITHM) in CoseKey.supported_algorithms()


def _take_challenge(request: HttpRequest, ceremony: Ceremony, user: User | None) -> Any:
    kept = request.session.pop(SESSION_KEY, None)
    wanted = (ceremony.value, _user_mark(user))
    if not kept or (kept["ceremony"], kept["user"]) != wanted or time.time() > kept["until"]:
        raise ChallengeVoid("This session has no challenge for this ceremony.")
    # The session is stored when the request ends: the cache lets only one of two parallel answers use the challenge.
    used = blind_index(kept["state"]["challenge"], "passkey challenge").hex()
    if not cache.add(f"used:{used}", 1, timeout=HOLDS_FOR_SECONDS):
        raise ChallengeVoid("This challenge was answered before.")
    return kept["state"]


def _user_mark(user: User | None) -> list[str | int]:
    return [str(user.pk), user.epoch] if user else []
