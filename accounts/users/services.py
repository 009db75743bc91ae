"""Make and rename users."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.users.models import User
from privacy.encryption.keys import create_keys
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.subjects.models import DataSubject

_VERIFIED = User.objects.filter(verified_at__isnull=False).values_list("pk", flat=True)


class UsernameTaken(Exception):
    """A verified account has this username."""


def new_user(*, subject: DataSubject, username: str, password_hash: str, submission: UUID) -> User:
    """Return a user who is neither stored nor verified yet.

    `password_hash` is made by the caller: hashing would make the transaction too long.
    """
    return User(
        subject=subject,
        username=username,
        username_index=username,
        password=password_hash,
        submission=submission,
        epoch=0,
    )


def create_user(*, subject: DataSubject, username: str, password_hash: str, submission: UUID) -> User:
    """Store a `new_user`. Raises `UsernameTaken`."""
    user = new_user(subject=subject, username=username, password_hash=password_hash, submission=submission)
    try:
        with transaction.atomic():
            release_username(username)
            user.save(force_insert=True)
    except IntegrityError:
        raise UsernameTaken("This username is in use.") from None
    return user


def create_staff(*, username: str, password: str, jurisdiction: str, roles: Collection[str] = ()) -> User:
    """Store a verified member of staff with roles (names of groups); without any, with every permission.

    `password` is a temporary password: it must be changed, and is void after `TEMPORARY_PASSWORD_LIFETIME`.
    Raises `UsernameTaken`.
    """
    subject = DataSubject.objects.create(jurisdiction=jurisdiction)
    create_keys(subject.pk, SEALED_CLASSES)
    user = create_user(subject=subject, username=username, password_hash=make_password(password), submission=uuid4())
    user.is_staff, user.is_superuser = True, not roles
    user.verified_at, user.temporary_password_until = timezone.now(), temporary_password_end()
    user.save(update_fields=["is_staff", "is_superuser", "verified_at", "temporary_password_until"])
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def temporary_password_end() -> datetime:
    """Return the end of a temporary password that is set now."""
    return timezone.now() + settings.TEMPORARY_PASSWORD_LIFETIME


def release_username(username: str) -> None:
    """Release a username from an unverified registration."""
    User.objects.filter(username_index=username, verified_at__isnull=True).update(username_index=None)


def is_username_free(username: str, *, but: UUID | None = None) -> bool:
    """Whether no verified account (other than the user `but`) has this username."""
    owners = _VERIFIED.filter(username_index=username)
    return all(owner == but for owner in owners)


def user_of_name(username: str) -> User | None:
    """Return the user with this username in any case, or None."""
    return User.objects.filter(username_index=username).first()


def claim_username(user: User, username: str | None = None) -> bool:
    """Give a verified user their chosen username, or a new one; return whether it was free."""
    wanted = username or user.username
    try:
        with transaction.atomic():
            User.objects.filter(username_index=wanted, verified_at__isnull=True).exclude(pk=user.pk).update(
                username_index=None
            )
            user.username, user.username_index = wanted, wanted
            user.save(update_fields=["username", "username_index"])
    except IntegrityError:
        user.refresh_from_db()
        return False
    return True
