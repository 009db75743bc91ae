"""The session engine: database rows with a sealed payload and the subject they belong to."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.sign_in.models import Session
from accounts.sign_in.session_payloads import open_payload, seal_payload
from accounts.users.models import User
from privacy.consent.queries import accepted_version
from privacy.database.compiled import CompiledQuery
from privacy.database.rows import insert_row, update_row
from privacy.encryption.keys import KeyDestroyed

KEY_LENGTH = 32
STORED = ("session_data", "expire_date", "subject_id")


class SessionStore(DatabaseStore):
    """Seals what Django would only sign, and reads at once a session, whose it is, what they accepted."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._owner: User | None = None
        self._subjects: dict[str, UUID] = {}

    def load(self) -> dict[str, Any]:
        """Return the payload of an open session, else an empty one: also where row and payload name two people."""
        self._owner = _owner_of.first(str(self.session_key), timezone.now())
        if self._owner is None:
            return super().load()  # of nobody yet, or ended
        owner: Any = self._owner
        owner.subject.accepted_version = owner.accepted_version  # what the gate asks next
        self._subjects[str(owner.pk)] = owner.subject_id
        payload = open_payload(owner.session_data, str(self.session_key), owner.subject_id)
        return payload if payload.get(SESSION_KEY) == str(owner.pk) else {}

    def take_owner(self, user_id: Any) -> User | None:
        """Return, once, the user who was read with the payload, if it is the one whom the payload names."""
        owner, self._owner = self._owner, None
        return owner if owner and str(owner.pk) == str(user_id) else None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the rows."""
        return Session

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return the payload as hexadecimal text, sealed to this session and to whom it names."""
        return seal_payload(session_dict, str(self.session_key), self._subject_of(session_dict))

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Return the payload of a session of nobody, or an empty one where it does not open."""
        return open_payload(str(session_data), str(self.session_key), None)

    def save(self, must_create: bool = False) -> None:
        """Store the session by one statement, which needs no transaction around it.

        Raises `CreateError` where a new session's key is in use, and `UpdateError` where its person was erased, or it
        was ended, meanwhile.
        """
        if self.session_key is None:
            self.create()
            return
        try:
            payload = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # missing in the types
            row = self.create_model_instance(payload)
            if must_create:
                _insert(row)
            else:
                update_row(row, STORED)
        except (KeyDestroyed, User.DoesNotExist, Session.DoesNotExist):
            raise UpdateError("This session was ended, or its person erased, meanwhile.") from None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of this session with the subject it belongs to."""
        session = cast("Session", super().create_model_instance(data))
        session.subject_id = self._subject_of(data)
        return session

    def _subject_of(self, payload: dict[str, Any]) -> UUID | None:
        user_id = payload.get(SESSION_KEY)
        if user_id and user_id not in self._subjects:
            self._subjects[user_id] = User.objects.values_list("subject_id", flat=True).get(pk=user_id)
        return self._subjects[user_id] if user_id else None

    def _get_new_session_key(self) -> str:
        # Nobody has this key: saving would notice, and takes another then, without asking first.
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)


def _insert(row: Session) -> None:
    try:
        insert_row(row)
    except IntegrityError:
        raise CreateError from None


def _with_owner(session_key: str, now: datetime) -> QuerySet[User]:
    found = Session.objects.filter(session_key=session_key, expire_date__gt=now)
    owners = User.objects.select_related("subject").filter(subject_id=Subquery(found.values("subject_id")))
    return owners.annotate(
        session_data=Subquery(found.values("session_data")), accepted_version=accepted_version(OuterRef("subject_id"))
    )


_owner_of = CompiledQuery(_with_owner, str, datetime)
