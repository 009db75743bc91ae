"""The same right code sent twice: both requests get the same answer.

An answer may be lost, or a form sent twice. The second request has the secret of a session that no longer exists,
because signing in gave the session a new secret. For two minutes a row leads from the former secret to the new session,
sealed like the answers that are kept for retries. The row holds the new secret: it is deleted after its time, by the
next request that finds it or by the sweep, each `SWEEP_EVERY`.
"""

import datetime as dt
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import SESSION_KEY, get_user
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.sessions.keys import session_key_of
from accounts.sessions.models import Session
from accounts.sessions.payloads import open_payload, seal_payload
from accounts.sessions.store import SessionStore, session_of
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from privacy.encryption.keys import system_key
from privacy.subjects.locking import lock_subjects

REPEATED_FOR = dt.timedelta(minutes=2)
SYSTEM_KEY = "repeated-codes"  # the name of the key that hashes digits
# In a session: for each use, a hash of the digits of the last right code, its target page, and the time.
RIGHT_CODES_KEY = "right_codes"


@contextmanager
def one_code_at_a_time(request: HttpRequest) -> Iterator[None]:
    """Serialise the requests of one session inside a `with`; each reads what the request before stored.

    An exception does not roll back: a try with a code stays counted.
    """
    session, failure = session_of(request), None
    with transaction.atomic():
        if session.sent:
            _wait_for_turn(request)
            session.read_again()
        try:
            yield
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again after the commit
            failure = error
    if failure:
        raise failure


def note_right_code(request: HttpRequest, *, use: str, digits: str, former: str | None, landed: str = "") -> None:
    """Record a right code; `former` is the secret that the session had before, `landed` the target page."""
    session = session_of(request)
    if former and session.session_key != former:
        _store_successor(former, session, {"digest": _digest(former, use, digits), "landed": landed})
        return
    noted = [_digest(session.session_key or "", use, digits), landed, time.time()]
    session[RIGHT_CODES_KEY] = session.get(RIGHT_CODES_KEY, {}) | {use: noted}
    session.save()


def landed_before(request: HttpRequest, *, use: str, digits: str, within: dt.timedelta = REPEATED_FOR) -> str | None:
    """Return the target page of the first request with this code, and use its session; None for the first.

    `within` is the time for a session that kept its secret; after a new secret it is `REPEATED_FOR`.
    Raises `RateLimited`.
    """
    session = session_of(request)
    digest, landed, at = session.get(RIGHT_CODES_KEY, {}).get(use, ("", "", 0))
    is_over = time.time() - at > within.total_seconds()
    if not is_over and hmac.compare_digest(digest, _digest(session.session_key or "", use, digits)):
        return str(landed)
    successor = _successor(request, _digest(session.sent or "", use, digits))
    if successor is None:
        return None
    opened = type(session)(successor["opened"])
    if SESSION_KEY not in opened:
        return None  # signed out meanwhile
    request.session = opened
    opened.modified = opened.kind == Session.Kind.COOKIE  # sends the cookie to the browser
    request.user = get_user(request)
    return str(successor["landed"])


def _wait_for_turn(request: HttpRequest) -> None:
    """Lock the session; for a signed-in person lock the subject, as all code does that ends sessions."""
    session = session_of(request)
    if SESSION_KEY in session:
        lock_subjects([request.user.subject_id])  # type: ignore[union-attr]  # a signed-in user has one
    else:
        list(Session.objects.select_for_update().filter(pk=session_key_of(session.sent or "", session.kind)))


def _store_successor(former: str, session: SessionStore, successor: dict[str, str]) -> None:
    """Store the row that leads from the former secret of a session to the present one."""
    session.save()
    key = _successor_key(former, session)
    Session.objects.filter(pk=key).delete()
    payload = successor | {"opened": session.session_key or ""}
    sealed, until = seal_payload(payload, key, None), timezone.now() + REPEATED_FOR
    Session.objects.create(session_key=key, kind=session.kind, session_data=sealed, expire_date=until)


def _successor(request: HttpRequest, digest: str) -> dict[str, str] | None:
    """Return what `_store_successor` stored for this code; an expired row is deleted, not read."""
    session = session_of(request)
    if not session.sent:
        return None
    row = Session.objects.filter(pk=_successor_key(session.sent, session)).first()
    if row is None:
        return None
    if row.expire_date <= timezone.now():
        row.delete()
        return None
    consume("confirm_code", code=row.pk, network=network_of(request))
    successor = open_payload(row.session_data, row.pk, None)
    return successor if hmac.compare_digest(successor.get("digest", ""), digest) else None


def _successor_key(former: str, session: SessionStore) -> str:
    """Return the primary key of the row that leads from a former secret to its session; no session has this key."""
    return session_key_of(f"behind {former}", session.kind)


def _digest(secret: str, use: str, digits: str) -> str:
    return hmac.digest(system_key(SYSTEM_KEY), f"{secret}|{use}|{digits}".encode(), hashlib.sha256).hex()
