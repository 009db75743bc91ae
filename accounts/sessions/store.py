"""The session engine: rows with a sealed payload, found by a keyed hash of a secret that is not stored."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, ClassVar, NamedTuple, cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from accounts.sessions.keys import new_session_secret, session_key_of
from accounts.sessions.lifetimes import session_ends_at
from accounts.sessions.models import Session
from accounts.sessions.payloads import open_payload, seal_payload
from accounts.users.models import User
from privacy.consent.queries import accepted_version
from privacy.database.compiled import CompiledQuery
from privacy.encryption.keys import KeyDestroyed
from privacy.subjects.models import DataSubject

STORED = ("session_data", "expire_date", "subject_id")
# The columns of the person that are read with the session, and their names.
SUBJECT = {field.attname: f"person_{field.attname}" for field in DataSubject._meta.concrete_fields}


class _Owner(NamedTuple):
    subject_id: UUID
    is_staff: bool


_NOBODY = _Owner(UUID(int=0), is_staff=False)


class SessionStore(SessionBase):
    """The session of a browser. `session_key` is the secret in its cookie, `row_key` finds the row.

    One query reads the session, its user, the accepted policy version and whether there is a second factor.
    """

    kind: ClassVar = Session.Kind.COOKIE
    _session: dict[str, Any]  # the payload, loaded on first use; missing in the types

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.sent = session_key  # also where the session no longer exists
        self._owner: User | None = None
        self._owners: dict[str, _Owner] = {}
        self._creates_later = self._is_new = False
        self._stored: tuple[str, dict[str, Any]] | None = None

    @property
    def row_key(self) -> str:
        """The primary key of this session's row; empty where there is no session yet."""
        return session_key_of(self.session_key, self.kind) if self.session_key else ""

    @property
    def is_of_staff(self) -> bool:
        """Whether a member of staff is signed in."""
        return self._owner_of(self._session).is_staff

    def load(self) -> dict[str, Any]:
        """Return the payload of an open session; empty without one, and where row and payload name two people."""
        now = timezone.now()
        self._owner = owner = WITH_OWNER.first(self.row_key, now)
        if owner is None:
            return self._load_anonymous(now)
        known: Any = owner
        known.subject = DataSubject.from_db(
            known._state.db, [*SUBJECT], [getattr(known, name) for name in SUBJECT.values()]
        )
        known.subject.accepted_version = known.accepted_version  # the consent gate reads it next
        self._owners[str(owner.pk)] = _Owner(owner.subject_id, owner.is_staff)
        payload = open_payload(known.session_data, self.row_key, owner.subject_id)
        if payload.get(SESSION_KEY) != str(owner.pk):
            return {}
        if session_ends_at(payload, is_staff=owner.is_staff, now=now) <= now:
            self.delete()
            self._session_key = None
            return {}
        return payload

    def read_again(self) -> None:
        """Read the payload again: another request of this session may have changed it."""
        self._session_cache = self.load()

    def take_owner(self, user_id: Any) -> User | None:
        """Return, once, the user who was read with the payload, if the payload names them."""
        owner, self._owner = self._owner, None
        return owner if owner and str(owner.pk) == str(user_id) else None

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with this secret."""
        return Session.objects.filter(pk=session_key_of(session_key, self.kind)).exists()

    def create(self) -> None:
        """Store a new session with a secret of its own. Raises `UpdateError` where its person was erased meanwhile."""
        self._session_key = new_session_secret(self.kind)
        if self._creates_later:
            self._is_new = True
        else:
            self.save(must_create=True)  # no two secrets of 165 random bits are the same
        self.modified = True

    @contextmanager
    def begun_for(self, user: User) -> Iterator[None]:
        """Sign a user in inside a `with`; its end stores the session by one statement, though the secret changes.

        Where signing in fails, nothing is stored, also not at the end of the request.
        """
        self._owners[str(user.pk)] = _Owner(user.subject_id, user.is_staff)
        self._creates_later = True
        try:
            yield
            self.save()
        finally:
            self._creates_later = self._is_new = False

    def save(self, must_create: bool = False) -> None:
        """Store the session by one statement, without a transaction; by none where nothing changed.

        Raises `CreateError` where a new session's key is in use, and `UpdateError` where its person was erased,
        or it was ended, meanwhile.
        """
        must_create = must_create or self._is_new or self.session_key is None
        if self.session_key is None:
            self._session_key, self.modified = new_session_secret(self.kind), True
        payload: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # missing in the types
        if not must_create and self._stored == (self.session_key, payload):
            return
        try:
            row = self._row(payload)
            if must_create:
                _insert(row)
            else:
                _update(row)
        except (KeyDestroyed, User.DoesNotExist, Session.DoesNotExist):
            raise UpdateError("This session was ended, or its person erased, meanwhile.") from None
        self._stored = str(self.session_key), deepcopy(payload)

    def delete(self, session_key: str | None = None) -> None:
        """End the session with this secret, or this one."""
        secret = session_key or self.session_key
        if secret:
            Session.objects.filter(pk=session_key_of(secret, self.kind)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the sessions that are over, of every kind."""
        Session.objects.filter(expire_date__lt=timezone.now()).delete()

    def get_expiry_date(self, **_options: Any) -> dt.datetime:
        """Return when this session ends without further use."""
        payload, now = self._session, timezone.now()
        try:
            is_staff = self._owner_of(payload).is_staff
        except User.DoesNotExist:  # erased meanwhile; saving raises for it
            return now
        return session_ends_at(payload, is_staff=is_staff, now=now)

    def get_expiry_age(self, **_options: Any) -> int:
        """Return in how many seconds this session ends, for the cookie."""
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))

    def _load_anonymous(self, now: dt.datetime) -> dict[str, Any]:
        row = Session.objects.filter(pk=self.row_key, expire_date__gt=now).first()
        if row is None:
            self._session_key = None
            return {}
        return open_payload(row.session_data, row.pk, None)

    def _row(self, payload: dict[str, Any]) -> Session:
        subject_id = self._owner_of(payload).subject_id if payload.get(SESSION_KEY) else None
        return Session(
            session_key=self.row_key,
            kind=self.kind,
            session_data=seal_payload(payload, self.row_key, subject_id),
            expire_date=self.get_expiry_date(),
            subject_id=subject_id,
        )

    def _owner_of(self, payload: dict[str, Any]) -> _Owner:
        user_id = payload.get(SESSION_KEY)
        if not user_id:
            return _NOBODY
        if user_id not in self._owners:
            self._owners[user_id] = _Owner(*User.objects.values_list("subject_id", "is_staff").get(pk=user_id))
        return self._owners[user_id]


class TokenStore(SessionStore):
    """The session of an app: `session_key` is its bearer token."""

    kind = Session.Kind.TOKEN


def session_of(request: HttpRequest) -> SessionStore:
    """Return the session of a request with its type."""
    return cast("SessionStore", request.session)


def _insert(row: Session) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError:
        raise CreateError from None


def _update(row: Session) -> None:
    if not Session.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in STORED}):
        raise Session.DoesNotExist


def _owners_of_session(row_key: str, now: dt.datetime) -> QuerySet[User]:
    found = Session.objects.filter(session_key=row_key, expire_date__gt=now)
    owners = User.objects.filter(subject_id=Subquery(found.values("subject_id")))
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return owners.annotate(
        session_data=Subquery(found.values("session_data")),
        accepted_version=accepted_version(OuterRef("subject_id")),
        second_factor_known=Exists(factors),
        **{name: F(f"subject__{column}") for column, name in SUBJECT.items()},
    )


WITH_OWNER = CompiledQuery(
    _owners_of_session,
    str,
    dt.datetime,
    annotations=("session_data", "accepted_version", "second_factor_known", *SUBJECT.values()),
)


def token_of(request: HttpRequest) -> str:
    """Store an app's session; return its secret, the bearer token; empty without a session."""
    if request.session.is_empty():
        return ""
    if request.session.session_key is None or request.session.modified:
        request.session.save()
        request.session.modified = False  # later changes are saved at the end of the request
    return str(request.session.session_key)
