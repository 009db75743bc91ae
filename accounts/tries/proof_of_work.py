"""Proof of work before a code is sent to a number from an unknown network, with `PROOF_OF_WORK=on`.

A challenge of ALTCHA (version 1): the caller finds the number with the given SHA-256 hash, which takes a browser about
a second, so that SMS pumping costs time for each message. No other site is called; no data of the caller is stored.
"""

import base64
import json
from datetime import timedelta
from typing import Any

from altcha import v1
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from accounts.tries.limits import RateLimited, consume
from accounts.tries.networks import network_of
from privacy.encryption.fields import blind_index
from privacy.encryption.keys import system_key
from privacy.rest.problems import Errors, Problem
from privacy.rest.strangers import PROOF_REQUIRED

SYSTEM_KEY = "proof_of_work"
MOST_NUMBERS = 100_000
LIFETIME = timedelta(minutes=10)
# How long a network is known after a sign-in.
KNOWN_FOR = timedelta(days=30)
# A browser without JavaScript waits instead.
WAIT = timedelta(seconds=60)
_WAITING_SINCE = "waiting_for_code_since"


def is_needed(request: HttpRequest) -> bool:
    """Whether this caller needs a proof of work before a code is sent."""
    if not settings.PROOF_OF_WORK:
        return False
    signed_in_at = cache.get(_known_key(request))
    return signed_in_at is None or timezone.now().timestamp() - signed_in_at > KNOWN_FOR.total_seconds()


def challenge(request: HttpRequest) -> dict[str, Any]:
    """Return a challenge for the caller's network, in the form of ALTCHA's version 1."""
    made = v1.create_challenge(  # type: ignore[call-overload]
        max_number=MOST_NUMBERS,
        hmac_key=_secret(),
        expires=timezone.now() + LIFETIME,
        params={"network": _network_mark(request)},
    )
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "maxnumber": MOST_NUMBERS,
        "salt": made.salt,
        "signature": made.signature,
    }


def is_proved(request: HttpRequest, proof: str) -> bool:
    """Whether this is an unused solution of a challenge of the caller's network; marks it as used.

    `give_back` makes it usable again where the request is refused for another reason.
    """
    try:
        answered = json.loads(base64.b64decode(proof, validate=True))
        is_right, _error = v1.verify_solution(answered, _secret())
        is_theirs = v1.extract_params(answered).get("network") == [_network_mark(request)]
    except (ValueError, TypeError, AttributeError):
        return False
    seconds = int(LIFETIME.total_seconds())
    if not is_right or not is_theirs or not cache.add(key := f"proof:{answered['challenge']}", 1, timeout=seconds):
        return False
    request.used_proof = key  # type: ignore[attr-defined]
    return True


def give_back(request: HttpRequest) -> None:
    """Make the proof usable again, after the request was refused before anything was sent."""
    if key := getattr(request, "used_proof", ""):
        cache.delete(key)


def require_proof(request: HttpRequest, errors: Errors | None = None) -> None:
    """Raise the problem of an app's request without a needed proof; `errors` are its other errors.

    With errors, nothing will be sent, and the proof stays usable. Every endpoint that the middleware names calls this
    first.
    """
    if given := getattr(request, "unproved_challenge", None):
        request.is_worth_keeping = False  # type: ignore[attr-defined]  # the retry has a proof
        raise Problem(PROOF_REQUIRED, errors=errors, challenge=given)
    if errors:
        give_back(request)


def has_waited(request: HttpRequest) -> bool:
    """Whether this browser waited the minute that it was asked to wait; a wait counts once, and few times a network."""
    since, now = request.session.get(_WAITING_SINCE), timezone.now().timestamp()
    if since is None or now - since > LIFETIME.total_seconds():
        request.session[_WAITING_SINCE] = now
        return False
    if now - since < WAIT.total_seconds():
        return False
    del request.session[_WAITING_SINCE]
    try:
        consume("wait_for_code", network=network_of(request))
    except RateLimited:
        return False
    return True


def know_network(request: HttpRequest, **_signal: Any) -> None:
    """Remember the network of a sign-in."""
    if settings.PROOF_OF_WORK:
        cache.set(_known_key(request), timezone.now().timestamp(), timeout=int(KNOWN_FOR.total_seconds()))


def _secret() -> str:
    return system_key(SYSTEM_KEY).hex()


def _network_mark(request: HttpRequest) -> str:
    return blind_index(network_of(request), "proof_of_work")[:8].hex()


def _known_key(request: HttpRequest) -> str:
    return f"known-network:{_network_mark(request)}"
