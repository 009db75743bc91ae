"""Operations of sessions: data store, rows of a copy, receivers of a sign-in, and the removal of old sessions."""

from django.contrib.auth.signals import user_logged_in, user_logged_out

from accounts.sessions import tasks
from accounts.sessions.account_page import DEVICES_PAGE
from accounts.sessions.copy_rows import device_rows, session_rows
from accounts.sessions.known_devices import note_known_device
from accounts.sessions.middleware import note_sign_out
from accounts.sessions.models import KnownDevice, Session
from accounts.sessions.open_sessions import note_session_device
from accounts.sessions.services import SignInStore
from privacy.export.copy_rows import CopyRows
from privacy.operations.receivers import Receives
from privacy.operations.sweeps import Sweep

OPERATIONS = [
    DEVICES_PAGE,
    SignInStore(),
    CopyRows(Session, session_rows),
    CopyRows(KnownDevice, device_rows),
    Receives(user_logged_in, note_known_device),
    Receives(user_logged_in, note_session_device),
    Receives(user_logged_out, note_sign_out),
    Sweep("expired sessions", tasks.remove_expired_sessions),
]
