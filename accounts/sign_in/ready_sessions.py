"""Open sessions for people who never signed in: of made-up people, for load generators."""

from datetime import timedelta
from secrets import token_hex

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from accounts.sign_in.models import Session
from accounts.sign_in.open_sessions import DEVICE_KEY, SIGNED_IN_KEY, USED_KEY
from accounts.sign_in.session_payloads import seal_payload
from accounts.sign_in.session_store import SessionStore
from accounts.users.models import User

DEVICE = "Load generator"


def ready_session(user: User) -> Session:
    """Return the row, not yet stored, of a session in which the user proved just now who they are."""
    now = timezone.now()
    request = HttpRequest()
    request.session = store = SessionStore()
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
    key = token_hex(16)
    return Session(
        session_key=key,
        session_data=seal_payload(dict(store.items()), key, user.subject_id),
        expire_date=now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        subject_id=user.subject_id,
    )
