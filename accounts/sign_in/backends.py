"""Finds the account of a sign-in by username, phone number or verified e-mail address, and checks the password."""

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from accounts.contact_points.logins import contacts_meant
from accounts.contact_points.models import ContactPoint
from accounts.contact_points.parsing import LONGEST_TYPED
from accounts.sessions.store import SessionStore
from accounts.users.models import User
from privacy.inventory.typed import without_margin

# Of a person who was erased, a legal hold may keep an account or a contact point: no one signs in with that.
_LIVING = User.objects.filter(subject__erased_at__isnull=True)
# The columns of an `Account`.
_ACCOUNTS = _LIVING.values_list("pk", "subject_id", "password", "epoch")


class Account(NamedTuple):
    """The columns that a sign-in needs. Building a whole `User` takes time that would show that an account exists."""

    user_id: UUID
    subject_id: UUID
    password_hash: str
    epoch: int

    def user(self) -> User | None:
        """Return the user with the epoch that was read first: a later change of the account voids the sign-in."""
        user = next(iter(_LIVING.filter(pk=self.user_id)), None)
        if user:
            user.epoch = self.epoch
        return user


class ContactPointBackend(AuthenticationBackend):
    """Finds the account by a blind index; compares one password hash in any case."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        if "account" in credentials:  # the caller has looked it up already; it may be None
            account = credentials["account"]
        else:
            login = next((credentials[name] for name in ("username", "phone", "email") if credentials.get(name)), "")
            account = find_account(login)
        self._did_check_password = True
        password, password_hash = credentials["password"], account.password_hash if account else _unknown_login_hash()
        is_right, is_outdated = verify_password(password, password_hash)
        user = account.user() if account and is_right else None
        if user and is_outdated:
            user.set_password(password)
            user.save(update_fields=["password"])
        if user and not self.user_can_authenticate(user):
            self._stash_user(user)
            return None
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether this account can be signed in to; if not, its sessions do not count."""
        return super().user_can_authenticate(user) and not user.refusal

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """Return the user of a session, read with it; None where they may no longer sign in."""
        session = getattr(context.request, "session", None)
        owner = session.take_owner(user_id) if isinstance(session, SessionStore) else None
        if owner is None:
            return super().get_user(user_id)
        return owner if self.user_can_authenticate(owner) else None


def find_account(login: str) -> Account | None:
    """Return the account whose username, verified phone number or verified e-mail address this is, or None.

    A username never has the shape of the other two, so that at most one of them matches. All are looked up in any case,
    and no model is built: neither the queries nor their time show whether an account exists.
    """
    if len(login) > LONGEST_TYPED:
        return None
    found = list(_ACCOUNTS.filter(username_index=without_margin(login)))
    for value in contacts_meant(login):
        contacts = ContactPoint.objects.filter(index=value, verified_at__isnull=False)
        owner = contacts.values_list("subject_id", flat=True).first()
        found += _ACCOUNTS.filter(subject_id=owner or uuid4())
    return Account(*found[0]) if found else None


def find_user(login: str) -> User | None:
    """Return the user of a login, or None."""
    account = find_account(login)
    return account.user() if account else None


@cache
def _unknown_login_hash() -> str:
    """Return the hash of a random password: comparing with it takes as long as with the hash of an account."""
    return make_password(get_random_string(32))
