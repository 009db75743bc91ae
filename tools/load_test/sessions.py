"""Open sessions for load-test people, who never signed in."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from accounts.sessions.keys import new_session_secret, session_key_of
from accounts.sessions.lifetimes import SIGNED_IN_KEY, USED_KEY, session_ends_at
from accounts.sessions.models import Session
from accounts.sessions.open_sessions import DEVICE_KEY
from accounts.sessions.payloads import seal_payload
from accounts.sessions.store import TokenStore
from accounts.users.models import User

DEVICE = "Load generator"


def prepared_session(user: User) -> tuple[Session, str]:
    """Return a session with a fresh sign-in, not stored yet, and its token."""
    now = timezone.now()
    request = HttpRequest()
    request.session = store = TokenStore()
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            DEVICE_KEY: DEVICE,
            SIGNED_IN_KEY: now.isoformat(),
            USED_KEY: now.isoformat(),
        }
    )
    record_authentication(request, user, method="password")
    token, payload = new_session_secret(store.kind), dict(store.items())
    key = session_key_of(token, store.kind)
    row = Session(
        session_key=key,
        kind=store.kind,
        session_data=seal_payload(payload, key, user.subject_id),
        expire_date=session_ends_at(payload, is_staff=user.is_staff, now=now),
        subject_id=user.subject_id,
    )
    return row, token
