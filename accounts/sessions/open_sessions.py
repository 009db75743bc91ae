"""The open sessions of a person: list them; end one, the others, or all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY, logout
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from accounts.security_events.devices import UNKNOWN, device_of
from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import record_event
from accounts.sessions.lifetimes import SIGNED_IN_KEY, USED_KEY, noted_every, session_ends_at, time_in
from accounts.sessions.models import Session
from accounts.sessions.names import session_name
from accounts.sessions.services import KNOWN_DEVICE_KEY, end_sessions, forget_devices
from accounts.sessions.store import session_of
from accounts.users.models import User
from accounts.users.requests import UserRequest
from privacy.database.compiled import CompiledQuery
from privacy.encryption.fields import blind_index

# A key of the sealed payload, as are the times of `lifetimes`.
DEVICE_KEY = "device"


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it; `handle` identifies it and is no secret; `name` comes from its app.

    `known_device` is the id of the known device that holds it; empty without one.
    """

    handle: str
    name: str
    device: str
    signed_in_at: dt.datetime | None
    last_used_at: dt.datetime | None
    is_this: bool
    known_device: str


def open_sessions(request: UserRequest) -> list[OpenSession]:
    """Return the sessions that are open for the person, this one first, then the last used."""
    now, is_staff = timezone.now(), request.user.is_staff
    rows = NOT_EXPIRED.rows(request.user.subject_id, now)
    kept = [(row, row.get_decoded()) for row in rows]
    found = [
        _shown(row, payload, request.user.subject_id, is_this=row.session_key == session_of(request).row_key)
        for row, payload in kept
        if session_ends_at(payload, is_staff=is_staff, now=now) > now
    ]
    return sorted(found, key=_this_and_newest, reverse=True)


def sessions_of_person(subject_id: UUID, most: int) -> list[OpenSession]:
    """Return a person's sessions that are open, for staff; the last used first, `most` of them."""
    now = timezone.now()
    rows = _not_expired(subject_id, now).order_by("-expire_date")[:most]
    kept = [(row, row.get_decoded()) for row in rows]
    shown = [
        _shown(row, payload, subject_id, is_this=False)
        for row, payload in kept
        if session_ends_at(payload, is_staff=False, now=now) > now
    ]
    return sorted(shown, key=_this_and_newest, reverse=True)


def end_session(request: UserRequest, handle: str) -> bool:
    """End one session at once; return whether it was still open."""
    rows = Session.objects.filter(subject_id=request.user.subject_id)
    key = next((row.session_key for row in rows if _handle(row.session_key) == handle), None)
    ended = bool(key) and bool(rows.filter(session_key=key).delete()[0])
    if ended:
        record_event(request.user.subject_id, SecurityEvent.Kind.SESSION_ENDED)
    return ended


def end_other_sessions(request: UserRequest) -> int:
    """End every session but this one at once; return how many ended."""
    ended = end_sessions([request.user.subject_id], but=session_of(request).row_key)
    forget_devices([request.user.subject_id], but=request.session.get(KNOWN_DEVICE_KEY))
    record_event(request.user.subject_id, SecurityEvent.Kind.SESSIONS_ENDED)
    return ended


def end_all_sessions(request: UserRequest) -> None:
    """End every session at once, this one, too."""
    record_event(request.user.subject_id, SecurityEvent.Kind.SESSIONS_ENDED)
    end_sessions([request.user.subject_id], but=session_of(request).row_key)
    forget_devices([request.user.subject_id])
    logout(request)


def note_use(request: HttpRequest) -> None:
    """Record the use of a signed-in session and of its account, unless one was recorded a short time ago."""
    if SESSION_KEY not in request.session:
        return
    now = timezone.now()
    noted = time_in(request.session, USED_KEY)
    if noted is None or now - noted > noted_every(is_staff=session_of(request).is_of_staff):
        request.session[USED_KEY] = now.isoformat()
        User.objects.filter(pk=request.session[SESSION_KEY]).update(last_used_at=Now())


def note_session_device(request: HttpRequest, **_more: Any) -> None:
    """Store device and start of a new session."""
    request.session[DEVICE_KEY] = device_of(request)
    request.session[SIGNED_IN_KEY] = request.session[USED_KEY] = timezone.now().isoformat()


def _not_expired(subject_id: UUID, now: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(subject_id=subject_id, expire_date__gt=now)


NOT_EXPIRED = CompiledQuery(_not_expired, UUID, dt.datetime)


def _shown(row: Session, kept: Mapping[str, Any], subject_id: UUID, *, is_this: bool) -> OpenSession:
    return OpenSession(
        handle=_handle(row.session_key),
        name=session_name(kept, subject_id),
        device=kept.get(DEVICE_KEY, UNKNOWN),
        signed_in_at=time_in(kept, SIGNED_IN_KEY),
        last_used_at=time_in(kept, USED_KEY),
        is_this=is_this,
        known_device=kept.get(KNOWN_DEVICE_KEY, ""),
    )


def _handle(session_key: str) -> str:
    return blind_index(session_key, "session handle").hex()


def _this_and_newest(session: OpenSession) -> tuple[bool, float]:
    return session.is_this, session.last_used_at.timestamp() if session.last_used_at else 0
