"""Second factors of a person: an app, recovery codes, passkeys. Each change is recorded, and the person notified."""

import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from allauth.mfa.webauthn.internal.flows import add_authenticator, remove_authenticator
from django import forms
from django.db import transaction
from django.db.models import QuerySet

from accounts.second_factors.passkey_names import name_of, note_device
from accounts.security_events.devices import device_of
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import ChangedValues, notify_change
from accounts.security_events.services import record_event
from accounts.sessions.services import end_sessions
from accounts.sessions.store import session_of
from accounts.users.epochs import begin_new_epoch, hold_epoch
from accounts.users.models import User
from accounts.users.requests import UserRequest
from privacy.subjects.models import DataSubject

# allauth's record in a session that a second factor was given.
SECOND_FACTOR = "mfa"
KNOWN = "second_factor_known"
CODES_KEY = "recovery_codes_shown_until"
CODES_SHOWN_FOR = 600
_ADDED = {
    Authenticator.Type.TOTP: SecurityEvent.Kind.MFA_ADDED,
    Authenticator.Type.WEBAUTHN: SecurityEvent.Kind.PASSKEY_ADDED,
}
_REMOVED = {
    Authenticator.Type.TOTP: SecurityEvent.Kind.MFA_REMOVED,
    Authenticator.Type.WEBAUTHN: SecurityEvent.Kind.PASSKEY_REMOVED,
}


@dataclass(frozen=True)
class Passkey:
    """One passkey as its owner sees it."""

    pk: int
    name: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True)
class SecondFactors:
    """What a person has set up."""

    app: Authenticator | None
    passkeys: list[Passkey]
    unused_codes: int

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)


def second_factors_of(user: User) -> SecondFactors:
    """Return the second factors of a person, as shown to themselves."""
    codes = _of(user).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return SecondFactors(
        app=app_of(user),
        passkeys=[Passkey(one.pk, name_of(one), one.created_at, one.last_used_at) for one in passkeys_of(user)],
        unused_codes=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def has_second_factor(user: Any) -> bool:
    """Whether this user has a second factor; read with the session for its owner."""
    if not user.is_authenticated:
        return False
    known: bool | None = getattr(user, KNOWN, None)
    return _of(user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists() if known is None else known


def app_of(user: User) -> Authenticator | None:
    """Return the authenticator app of a person, or None."""
    return _of(user).filter(type=Authenticator.Type.TOTP).first()


def passkeys_of(user: User) -> QuerySet[Authenticator]:
    """Return the passkeys of a person, oldest first."""
    return _of(user).filter(type=Authenticator.Type.WEBAUTHN).order_by("pk")


def add_app(request: UserRequest, form: forms.Form) -> bool:
    """Add an app by the valid form of its first code; return whether recovery codes were made with it."""
    return _add(request, lambda: activate_totp(request, form))


def store_passkey(request: UserRequest, form: forms.Form) -> bool:
    """Keep the public key of a form's passkey; return whether recovery codes were made with it."""
    name, credential = form.cleaned_data["name"], form.cleaned_data["credential"]

    def add() -> tuple[Authenticator, Authenticator | None]:
        passkey, codes = add_authenticator(request, name, credential)
        note_device(passkey, device_of(request))
        return passkey, codes

    return _add(request, add)


def remove_factor(request: UserRequest, factor: Authenticator) -> None:
    """Remove an app or a passkey; with the last of them the recovery codes are removed."""
    remove = deactivate_totp if factor.type == Authenticator.Type.TOTP else remove_authenticator
    with changing_factors(request.user):
        remove(request, factor)


@contextmanager
def changing_factors(user: User) -> Iterator[None]:
    """Change factors inside a `with`, in one transaction, and begin a new epoch.

    Raises `BeginAgain` where the account changed since `user` was read.
    """
    with transaction.atomic():
        hold_epoch(subject_id=user.subject_id, epoch=user.epoch)
        yield
        begin_new_epoch([user.subject_id])


def make_recovery_codes(request: UserRequest) -> None:
    """Replace the recovery codes, and show the new ones."""
    with changing_factors(request.user):
        generate_recovery_codes(request)
        record_event(request.user.subject_id, SecurityEvent.Kind.RECOVERY_CODES_MADE)
        _notify(request.user, SecurityEvent.Kind.RECOVERY_CODES_MADE)
    show_recovery_codes(request)


def show_recovery_codes(request: UserRequest) -> None:
    """Let this session see the recovery codes for ten minutes."""
    request.session[CODES_KEY] = time.time() + CODES_SHOWN_FOR


def recovery_codes_to_show(request: UserRequest) -> list[str]:
    """Return the recovery codes while this session may see them, else an empty list."""
    codes = _of(request.user).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is None or time.time() > request.session.get(CODES_KEY, 0):
        return []
    wrapped = codes.wrap()
    wrapped.mark_as_viewed()
    return list(wrapped.get_unused_codes())


def _add(request: UserRequest, add: Callable[[], tuple[Authenticator, Authenticator | None]]) -> bool:
    """Add a factor, record it and notify the person in one transaction: allauth's signals may come after the commit."""
    user = request.user
    with changing_factors(user):
        factor, codes = add()
        kind = _ADDED[Authenticator.Type(factor.type)]
        record_event(user.subject_id, kind)
        if codes:
            record_event(user.subject_id, SecurityEvent.Kind.RECOVERY_CODES_MADE)
        _notify(user, kind, ChangedValues(new_factor=factor.pk))
    return codes is not None


def _of(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user_id=user.pk)


def set_neutral_name(instance: Authenticator, **_more: Any) -> None:
    """Replace a name in clear that is not neutral: "Maria's phone" would be plain personal data."""
    if instance.type == Authenticator.Type.WEBAUTHN and not re.fullmatch(r"Passkey \d+", instance.data.get("name", "")):
        instance.data["name"] = get_adapter().generate_authenticator_name(instance.user, Authenticator.Type.WEBAUTHN)


def end_sessions_without_factor(instance: Authenticator, created: bool, **_more: Any) -> None:
    """End the other sessions in the transaction that adds the factor: allauth's signal comes after the commit."""
    if not created or instance.type == Authenticator.Type.RECOVERY_CODES:
        return
    request = _end_other_sessions(instance.user)
    if request is not None:
        # The first code or signature proved the factor in this session.
        record_authentication(request, request.user, SECOND_FACTOR, id=instance.pk, type=instance.type)


def note_removed_factor(user: User, authenticator: Authenticator, **_more: Any) -> None:
    """End the other sessions, record the event and notify the owner of a removed factor."""
    if kind := _REMOVED.get(Authenticator.Type(authenticator.type)):
        _end_other_sessions(user)
        record_event(user.subject_id, kind)
        former = {"type": authenticator.type, "data": authenticator.data}
        _notify(user, kind, ChangedValues(former_factor=json.dumps(former)))


def note_failed_factor(user: User, **_more: Any) -> None:
    """Record that a second factor was wrong."""
    record_event(user.subject_id, SecurityEvent.Kind.SIGN_IN_FAILED)


def _end_other_sessions(user: User) -> UserRequest | None:
    """End a person's sessions, except the one of their own request; return that request, or None."""
    request: Any = context.request
    if request is None or request.user != user:
        end_sessions([user.subject_id])
        return None
    if hasattr(request.user, KNOWN):
        delattr(request.user, KNOWN)
    end_sessions([user.subject_id], but=session_of(request).row_key)
    own: UserRequest = request
    return own


def _notify(user: User, kind: SecurityEvent.Kind, values: ChangedValues | None = None) -> None:
    notify_change(subject=DataSubject.objects.get(pk=user.subject_id), kind=kind, values=values)
