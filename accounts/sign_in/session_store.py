"""The session engine: database rows with a sealed payload and the subject they belong to."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.serializers import JSONSerializer
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.sign_in.models import Session
from accounts.users.models import User
from privacy.consent.queries import accepted_version
from privacy.database.compiled import CompiledQuery
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.sealing import seal_for_house, unseal_for_house

SESSION_HOUSE_KEY = "sessions"
KEY_LENGTH = 32


class SessionStore(DatabaseStore):
    """Seals what Django would only sign, and reads at once a session, whose it is, what they accepted."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._owner: User | None = None
        self._subjects: dict[str, UUID] = {}

    def load(self) -> dict[str, Any]:
        """Return the payload of an open session, else an empty one."""
        self._owner = _owner_of.first(str(self.session_key), timezone.now())
        if self._owner is None:
            return super().load()  # of nobody yet, or ended
        owner: Any = self._owner
        owner.subject.accepted_version = owner.accepted_version  # what the gate asks next
        self._subjects[str(owner.pk)] = owner.subject_id
        return self.decode(owner.session_data)

    def take_owner(self, user_id: Any) -> User | None:
        """Return, once, the user who was read with the payload, if it is the one whom the payload names."""
        owner, self._owner = self._owner, None
        return owner if owner and str(owner.pk) == str(user_id) else None

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
        user_id = data.get(SESSION_KEY)
        session.subject_id = self._subject_of(user_id) if user_id else None
        return session

    def _subject_of(self, user_id: str) -> UUID:
        if user_id not in self._subjects:
            self._subjects[user_id] = User.objects.values_list("subject_id", flat=True).get(pk=user_id)
        return self._subjects[user_id]

    def _get_new_session_key(self) -> str:
        # Nobody has this key: saving would notice, and takes another then, without asking first.
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)


def _with_owner(session_key: str, now: datetime) -> QuerySet[User]:
    found = Session.objects.filter(session_key=session_key, expire_date__gt=now)
    owners = User.objects.select_related("subject").filter(subject_id=Subquery(found.values("subject_id")))
    return owners.annotate(
        session_data=Subquery(found.values("session_data")), accepted_version=accepted_version(OuterRef("subject_id"))
    )


_owner_of = CompiledQuery(_with_owner, str, datetime)
