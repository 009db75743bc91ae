"""The open sessions of a person: on which devices, since when; end one, the others, or all (1.5)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.db.models.functions import Now
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.sign_in.devices import UNKNOWN, device_of
from accounts.sign_in.models import SecurityEvent, Session
from accounts.sign_in.security_events import record_event
from accounts.sign_in.sessions import DEVICE_KEY as KNOWN_KEY
from accounts.sign_in.sessions import end_sessions, forget_devices
from accounts.users.models import User
from accounts.users.requests import UserRequest
from privacy.encryption.fields import blind_index

# All of it stands in the session's sealed payload, none in a column of its own.
DEVICE_KEY, SIGNED_IN_KEY, USED_KEY = "device", "signed_in_at", "last_used_at"
NOTED_EVERY = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class OpenSession:
    """One session as its owner sees it; `handle` names it without telling the key that is in the cookie."""

    handle: str
    device: str
    signed_in_at: dt.datetime | None
    last_used_at: dt.datetime | None
    is_this: bool


def open_sessions(request: UserRequest) -> list[OpenSession]:
    """Return the sessions that are open for the person, this one first, then the last used."""
    rows = Session.objects.filter(subject_id=request.user.subject_id, expire_date__gt=timezone.now())
    found = [_shown(row, is_this=row.session_key == request.session.session_key) for row in rows]
    return sorted(found, key=lambda s: (s.is_this, s.last_used_at.timestamp() if s.last_used_at else 0), reverse=True)


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
    ended = end_sessions([request.user.subject_id], but=request.session.session_key)
    forget_devices([request.user.subject_id], but=request.session.get(KNOWN_KEY))
    record_event(request.user.subject_id, SecurityEvent.Kind.SESSIONS_ENDED)
    return ended


def end_all_sessions(request: UserRequest) -> None:
    """End every session at once, this one, too."""
    record_event(request.user.subject_id, SecurityEvent.Kind.SESSIONS_ENDED)
    end_sessions([request.user.subject_id], but=request.session.session_key)
    forget_devices([request.user.subject_id])
    logout(request)


def note_use(request: HttpRequest) -> None:
    """Note that a signed-in session, and so its account, is in use, unless that was noted a moment ago."""
    if SESSION_KEY not in request.session:
        return
    now = timezone.now()
    noted = _time(request.session.get(USED_KEY))
    if noted is None or now - noted > NOTED_EVERY:
        request.session[USED_KEY] = now.isoformat()
        User.objects.filter(pk=request.session[SESSION_KEY]).update(last_used_at=Now())


@receiver(user_logged_in)
def _note_device(request: HttpRequest, **_more: Any) -> None:
    request.session[DEVICE_KEY] = device_of(request)
    request.session[SIGNED_IN_KEY] = request.session[USED_KEY] = timezone.now().isoformat()


def _shown(row: Session, *, is_this: bool) -> OpenSession:
    kept = row.get_decoded()
    return OpenSession(
        handle=_handle(row.session_key),
        device=kept.get(DEVICE_KEY, UNKNOWN),
        signed_in_at=_time(kept.get(SIGNED_IN_KEY)),
        last_used_at=_time(kept.get(USED_KEY)),
        is_this=is_this,
    )


def _handle(session_key: str) -> str:
    return blind_index(session_key, "session handle").hex()


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
