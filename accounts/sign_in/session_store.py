"""The session engine: database rows with a sealed payload and the subject they belong to."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.serializers import JSONSerializer

from accounts.sign_in.models import Session
from accounts.users.models import User
from privacy.encryption.keys import CannotOpen
from privacy.encryption.sealing import seal_for_house, unseal_for_house

SESSION_HOUSE_KEY = "sessions"


class SessionStore(DatabaseStore):
    """Seals what Django would only sign."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the rows."""
        return Session

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return the sealed payload as hexadecimal text."""
        return seal_for_house(JSONSerializer().dumps(session_dict), SESSION_HOUSE_KEY, "session").hex()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Return the payload, or an empty one where it does not open."""
        try:
            data = unseal_for_house(bytes.fromhex(str(session_data)), SESSION_HOUSE_KEY, "session")
        except (CannotOpen, ValueError):
            return {}
        return JSONSerializer().loads(data)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of this session with the subject it belongs to."""
        session = cast("Session", super().create_model_instance(data))
        session.subject_id = _subject_of(data.get(SESSION_KEY))
        return session


def _subject_of(user_id: str | None) -> UUID | None:
    return User.objects.filter(pk=user_id).values_list("subject_id", flat=True).first() if user_id else None
