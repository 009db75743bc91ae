"""Who signs in: by username, phone number or verified e-mail address, and password."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.sign_in.contacts import clean_email, clean_phone
from accounts.sign_in.models import ContactPoint
from accounts.users.models import User
from privacy.jurisdictions.jurisdictions import EVERYWHERE_ELSE, all_jurisdictions


class ContactPointBackend(AuthenticationBackend):
    """Finds the person by a blind index; hashes a password once, whether or not anybody was found."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = next((credentials[name] for name in ("username", "phone", "email") if credentials.get(name)), "")
        return self._check_password(find_user(login), credentials["password"])


def find_user(login: str) -> User | None:
    """Return the user whose username, verified phone number or verified e-mail address this is, or None.

    A username is never shaped like the other two, so that at most one of them can fit.
    """
    user = User.objects.filter(username_index=login.strip()).first()
    if user:
        return user
    contact = find_contact(login)
    return User.objects.filter(subject_id=contact.subject_id).first() if contact else None


def find_contact(login: str) -> ContactPoint | None:
    """Return the verified contact point that a typed phone number or e-mail address means, or None."""
    for canonical in _readings(login.strip()):
        contact = ContactPoint.objects.filter(index=canonical, verified_at__isnull=False).first()
        if contact:
            return contact
    return None


def _readings(login: str) -> Iterator[str]:
    # A national number is read as one of a country that this deployment serves by name.
    served = (country for j in all_jurisdictions().values() if j.is_stored_here for country in j.countries)
    regions = [None, *(country for country in served if country != EVERYWHERE_ELSE)]
    cleaners = [clean_email] if "@" in login else [partial(clean_phone, region=region) for region in regions]
    for clean in cleaners:
        with suppress(ValidationError):
            yield clean(login)
