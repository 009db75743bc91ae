"""The same right code sent twice: the second sending lands where the first did.

An answer gets lost on its way, and a form is sent by a double press. The second sending comes from a session that is
over, because signing in gave it another secret. For two minutes a row, sealed as the answers kept for retries are,
leads from it to the session that the code opened. Both sendings get that one session.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import SESSION_KEY, get_user
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.sign_in.limits import consume
from accounts.sign_in.models import Session
from accounts.sign_in.networks import network_of
from accounts.sign_in.session_keys import session_key_of
from accounts.sign_in.session_payloads import open_payload, seal_payload
from accounts.sign_in.session_store import SessionStore, session_of
from privacy.encryption.keys import house_key
from privacy.subjects.locking import lock_subjects

REPEATED_FOR = dt.timedelta(minutes=2)
HOUSE_KEY = "repeated-codes"
# In a session that goes on: by the use of each code that it gave rightly, a hash of its digits and where that led.
GIVEN_KEY = "given_codes"


@contextmanager
def one_at_a_time(request: HttpRequest) -> Iterator[None]:
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
        _lead(former, session, {"digest": _digest(former, use, digits), "landed": landed})
        return
    given = [_digest(session.session_key or "", use, digits), landed]
    session[GIVEN_KEY] = session.get(GIVEN_KEY, {}) | {use: given}
    session.save()


def landed_before(request: HttpRequest, *, use: str, digits: str) -> str | None:
    """Return where the first sending of this code led, and take its session; None where this is the first.

    Raises `RateLimited`.
    """
    session = session_of(request)
    digest, landed = session.get(GIVEN_KEY, {}).get(use, ("", ""))
    if hmac.compare_digest(digest, _digest(session.session_key or "", use, digits)):
        return str(landed)
    kept = _led_from(request, _digest(session.sent or "", use, digits))
    if kept is None:
        return None
    opened = type(session)(kept["opened"])
    if SESSION_KEY not in opened:
        return None  # signed out since
    request.session = opened
    opened.modified = opened.kind == Session.Kind.COOKIE  # so that the browser is given its cookie
    request.user = get_user(request)
    return str(kept["landed"])


def _wait_for_turn(request: HttpRequest) -> None:
    """Lock the session; of a person who is signed in, the person, as everything does that ends their sessions."""
    session = session_of(request)
    if SESSION_KEY in session:
        lock_subjects([request.user.subject_id])  # type: ignore[union-attr]  # who is signed in has one
    else:
        list(Session.objects.select_for_update().filter(pk=session_key_of(session.sent or "", session.kind)))


def _lead(former: str, session: SessionStore, kept: dict[str, str]) -> None:
    session.save()
    key = _key_behind(former, session)
    Session.objects.filter(pk=key).delete()
    payload = kept | {"opened": session.session_key or ""}
    sealed, until = seal_payload(payload, key, None), timezone.now() + REPEATED_FOR
    Session.objects.create(session_key=key, kind=session.kind, session_data=sealed, expire_date=until)


def _led_from(request: HttpRequest, digest: str) -> dict[str, str] | None:
    session = session_of(request)
    if not session.sent:
        return None
    row = Session.objects.filter(pk=_key_behind(session.sent, session), expire_date__gt=timezone.now()).first()
    if row is None:
        return None
    consume("confirm_code", code=row.pk, network=network_of(request))
    kept = open_payload(row.session_data, row.pk, None)
    return kept if hmac.compare_digest(kept.get("digest", ""), digest) else None


def _key_behind(former: str, session: SessionStore) -> str:
    """Return the key of the row that leads on: no session has it."""
    return session_key_of(f"behind {former}", session.kind)


def _digest(secret: str, use: str, digits: str) -> str:
    return hmac.digest(house_key(HOUSE_KEY), f"{secret}|{use}|{digits}".encode(), hashlib.sha256).hex()
