"""Who signs in: by username, phone number or verified e-mail address, and password."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from accounts.sign_in.codes import Destination
from accounts.sign_in.contacts import LONGEST_TYPED, clean_email, is_number_shaped, no_phone, read_phone
from accounts.sign_in.models import CONTACT_CONTEXT, ContactPoint
from accounts.sign_in.session_store import SessionStore
from accounts.users.models import USERNAME_CONTEXT, User
from privacy.database.compiled import CompiledQuery
from privacy.encryption.fields import blind_index
from privacy.encryption.sealing import unseal_for_nobody
from privacy.jurisdictions.jurisdictions import EVERYWHERE_ELSE, all_jurisdictions
from privacy.limits.counting import LONGEST_COUNTED
from privacy.register.retention_classes import SEALED_CLASSES, RetentionClass
from privacy.register.typed import without_margin


class ContactPointBackend(AuthenticationBackend):
    """Finds the person by a blind index; hashes a password once, whether or not anybody was found."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        if "known" in credentials:  # whoever asks has looked already, and may have found nobody
            return self._check_password(credentials["known"], credentials["password"])
        login = next((credentials[name] for name in ("username", "phone", "email") if credentials.get(name)), "")
        return self._check_password(find_user(login), credentials["password"])

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether this account can be signed in to; the sessions of one that cannot are not signed in."""
        return super().user_can_authenticate(user) and not user.refusal

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """Return the user of a session, who was read together with it, unless they may not sign in any more."""
        session = getattr(context.request, "session", None)
        owner = session.take_owner(user_id) if isinstance(session, SessionStore) else None
        if owner is None:
            return super().get_user(user_id)
        return owner if self.user_can_authenticate(owner) else None


def find_user(login: str) -> User | None:
    """Return the user whose username, verified phone number or verified e-mail address this is, or None.

    A username is never shaped like the other two, so that at most one of them can fit. All are looked for all the
    same: what is asked tells nothing of what is found.
    """
    if len(login) > LONGEST_TYPED:
        return None
    by_name = _named.first(blind_index(without_margin(login), USERNAME_CONTEXT))
    by_contact = [_reached_at.first(blind_index(value, CONTACT_CONTEXT)) for value in contacts_meant(login)]
    return next((user for user in [by_name, *by_contact] if user), None)


def find_destination(login: str) -> Destination:
    """Return where a code goes that a typed phone number or e-mail address asks for: to somebody, or to nobody.

    Never to what was typed instead of what is stored: both may be found alike and be two mailboxes.
    """
    meant = contacts_meant(login)
    found = [_contact.first(blind_index(value, CONTACT_CONTEXT)) for value in meant]
    contact: Any = next((contact for contact in found if contact), None)
    if contact:
        return Destination(str(contact.value), contact, contact.epoch)
    unseal_for_nobody(RetentionClass.CONTACT, SEALED_CLASSES)
    return Destination(meant[0] if meant else login[:LONGEST_COUNTED])


def contacts_meant(login: str) -> list[str]:
    """Return the canonical contact points that a login is looked up as, whether or not anybody has them."""
    return list(dict.fromkeys(_readings(without_margin(login)))) if len(login) <= LONGEST_TYPED else []


def clean_login(login: str) -> str:
    """Return a login, or say what a phone number lacks before anything is sent; that tells nothing of who is known.

    Raises `ValidationError`.
    """
    if is_number_shaped(login) and not contacts_meant(login):
        raise no_phone(None)
    return login


def names_counted(login: str) -> list[str]:
    """Return under which names a try with a login counts against limits: as what it is looked up.

    Never by whose it is: then a limit would come sooner for somebody than for nobody, and tell who is known.
    """
    return [without_margin(login), *contacts_meant(login)]


# Of whoever was erased, a legal hold may keep an account or a contact point: nobody signs in with that.
_named = CompiledQuery(
    lambda index: User.objects.filter(username_index=index, subject__erased_at__isnull=True),
    bytes,
)
_contact = CompiledQuery(
    lambda index: (
        ContactPoint.objects.filter(index=index, verified_at__isnull=False, subject__erased_at__isnull=True)
        .select_related("subject")
        .annotate(epoch=Subquery(User.objects.filter(subject_id=OuterRef("subject_id")).values("epoch")))
    ),
    bytes,
)
_reached_at = CompiledQuery(
    lambda index: User.objects.filter(
        subject__erased_at__isnull=True,
        subject_id__in=ContactPoint.objects.filter(index=index, verified_at__isnull=False).values("subject_id"),
    ),
    bytes,
)


def _readings(login: str) -> Iterator[str]:
    # A national number is read as one of a country that this deployment serves by name.
    served = (country for j in all_jurisdictions().values() if j.is_stored_here for country in j.countries)
    regions = [None, *(country for country in served if country != EVERYWHERE_ELSE)]
    cleaners = [clean_email] if "@" in login else [partial(read_phone, region=region) for region in regions]
    for clean in cleaners:
        with suppress(ValidationError):
            yield clean(login)
