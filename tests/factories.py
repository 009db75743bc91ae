"""Make people as the portal itself makes them, through its services."""

from itertools import count
from uuid import uuid4

from django.utils import timezone

from accounts.users.models import User
from accounts.users.services import create_user
from privacy.encryption.keys import create_keys
from privacy.register.declarations import RetentionClass
from privacy.subjects.models import DataSubject

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def make_subject(jurisdiction: str = "intl") -> DataSubject:
    """A nameless person with keys."""
    subject = DataSubject.objects.create(jurisdiction=jurisdiction)
    create_keys(subject.pk, RetentionClass)
    return subject


def make_user(*, username: str = "", jurisdiction: str = "intl", verified: bool = True) -> User:
    """A user with `PASSWORD`, without a profile."""
    from django.contrib.auth.hashers import make_password

    user = create_user(
        subject=make_subject(jurisdiction),
        username=username or f"person{next(_numbers)}",
        password_hash=make_password(PASSWORD),
        submission=uuid4(),
    )
    if verified:
        user.verified_at = timezone.now()
        user.save(update_fields=["verified_at"])
    return user
