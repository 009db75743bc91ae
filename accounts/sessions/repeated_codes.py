"""The same right code sent twice: the second sending lands where the first did.

An answer gets lost on its way, and a form is sent by a double press. The second sending comes from a session that is
over, because signing in gave it another secret. For two minutes a row, sealed as the answers kept for retries are,
leads from it to the session that the code opened. Both sendings get that one session. The row holds the new secret: it
is deleted once it is over, by the next request that finds it or by the sweep each `SWEEP_EVERY`.
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
# In a session that goes on: by the use of each code that was right, a hash of its digits, where that led, and when.
RIGHT_CODES_KEY = "right_codes"


@contextmanager
def one_code_at_a_time(request: HttpRequest) -> Iterator[None]:
    """Let the sendings of one session wait for each other, and read the session as the one before left it.

    What was written stays written where an exception leaves the `with`: a try with a code is paid for.
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
        except Exception as error:  # noqa: BLE001 - it is raised again, once what was written is committed
            failure = error
    if failure:
        raise failure


def note_right_code(request: HttpRequest, *, use: str, digits: str, former: str | None, landed: str = "") -> None:
    """Note that a code was right; `former` is the secret that the session had before, `landed` where the page leads."""
    session = session_of(request)
    if former and session.session_key != former:
        _store_successor(former, session, {"digest": _digest(former, use, digits), "landed": landed})
        return
    noted = [_digest(session.session_key or "", use, digits), landed, time.time()]
    session[RIGHT_CODES_KEY] = session.get(RIGHT_CODES_KEY, {}) | {use: noted}
    session.save()


def landed_before(request: HttpRequest, *, use: str, digits: str, within: dt.timedelta = REPEATED_FOR) -> str | None:
    """Return where the first sending of this code led, and take its session; None where this is the first.

    `within` says how long a session that goes on answers so; one that got another secret does for `REPEATED_FOR`.
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
        return None  # signed out since
    request.session = opened
    opened.modified = opened.kind == Session.Kind.COOKIE  # so that the browser is given its cookie
    request.user = get_user(request)
    return str(successor["landed"])


def _wait_for_turn(request: HttpRequest) -> None:
    """Lock the session; of a person who is signed in, the person, as everything does that ends their sessions."""
    session = session_of(request)
    if SESSION_KEY in session:
        lock_subjects([request.user.subject_id])  # type: ignore[union-attr]  # who is signed in has one
    else:
        list(Session.objects.select_for_update().filter(pk=session_key_of(session.sent or "", session.kind)))


def _store_successor(former: str, session: SessionStore, successor: dict[str, str]) -> None:
    """Store what leads from the former secret of a session to the present one."""
    session.save()
    key = _successor_key(former, session)
    Session.objects.filter(pk=key).delete()
    payload = successor | {"opened": session.session_key or ""}
    sealed, until = seal_payload(payload, key, None), timezone.now() + REPEATED_FOR
    Session.objects.create(session_key=key, kind=session.kind, session_data=sealed, expire_date=until)


def _successor(request: HttpRequest, digest: str) -> dict[str, str] | None:
    """Return what `_store_successor` stored for this code; a row that is past its time is deleted, not read."""
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
