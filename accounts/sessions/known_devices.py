"""Devices on which a person signed in before: a random token in a cookie or an app; a hash of it is stored."""

import datetime as dt
import re
import secrets
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.contact_points.models import CONTACT_CONTEXT, ContactPoint
from accounts.security_events.devices import device_of
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import notify_change
from accounts.sessions.models import KnownDevice
from accounts.sessions.names import NamedGone
from accounts.sessions.services import KNOWN_DEVICE_KEY
from accounts.users.models import User
from privacy.encryption.fields import blind_index
from privacy.inventory.retention_classes import RetentionClass, period_of
from privacy.rest.requests import is_rest

# More than a person uses; a script without the token must not fill the table.
MOST = 30
# People who share a browser; its cookie has a token for each.
MOST_IN_A_BROWSER = 8
# Verifying a registration signs in, which needs no notice.
JUST_REGISTERED = dt.timedelta(minutes=10)
_TOKEN = re.compile(r"[0-9a-f]{64}")
_BETWEEN_TOKENS = "."


def present_device(request: HttpRequest, token: str) -> None:
    """Take the token that an app sent in its request's body."""
    request.device_token = token  # type: ignore[attr-defined]


def known_device(request: HttpRequest | None, subject_id: UUID | None) -> KnownDevice | None:
    """Return the device of this request if this person signed in with it before, else None."""
    if request is None:
        return None
    mine = KnownDevice.objects.filter(subject_id=subject_id)
    tokens, held = _tokens(request), request.session.get(KNOWN_DEVICE_KEY)
    found = mine.filter(hash__in=[_hash(token) for token in tokens]).first() if tokens else None
    return found or (mine.filter(pk=held).first() if held and subject_id else None)


def known_device_at(request: HttpRequest, contacts: Collection[str]) -> KnownDevice | None:
    """Return the device of this request if one of these contact points is of a person who signed in with it, else None.

    Only contact points of people who signed in with it are read, so that the answer shows nothing of others.
    """
    tokens, held = _tokens(request), request.session.get(KNOWN_DEVICE_KEY)
    if not tokens and not held:
        return None
    here = KnownDevice.objects.filter(Q(hash__in=[_hash(token) for token in tokens]) | Q(pk=held))
    devices = {device.subject_id: device for device in here}
    verified = ContactPoint.objects.filter(subject__in=devices, verified_at__isnull=False)
    indexes = {blind_index(value, CONTACT_CONTEXT) for value in contacts}
    return next((devices[one.subject_id] for one in verified if bytes(one.index) in indexes), None)


def known_devices_of(subject_id: UUID) -> QuerySet[KnownDevice]:
    """Return the devices on which a person signed in before, the last used first."""
    return KnownDevice.objects.filter(subject_id=subject_id).order_by("-last_used_at", "pk")


def forget_device(subject_id: UUID, number: UUID) -> bool:
    """Forget one device of a person; return whether it was known."""
    return bool(KnownDevice.objects.filter(subject_id=subject_id, pk=number).delete()[0])


def rename_device(device: KnownDevice, name: str) -> None:
    """Store the cleaned name that the owner of a device typed. Raises `NamedGone`."""
    device.name = name
    with transaction.atomic():
        if not list(KnownDevice.objects.select_for_update().filter(pk=device.pk).values_list("pk")):
            raise NamedGone("The device was removed in the meantime.")
        device.save(update_fields=["name"])


def hold_device(request: HttpRequest, device: KnownDevice | None) -> None:
    """Store the device in the session, for the steps after a right password."""
    if device:
        request.session[KNOWN_DEVICE_KEY] = str(device.pk)


def remember_device(request: HttpRequest, user: User) -> KnownDevice:
    """Record a use of this device; a new one gets a token, which the answer sends."""
    device = known_device(request, user.subject_id)
    if device:
        KnownDevice.objects.filter(pk=device.pk).update(last_used_at=timezone.now(), device=device_of(request))
    else:
        device = _new_device(request, user)
    hold_device(request, device)
    return device


def new_device_token(request: HttpRequest) -> str:
    """Return the token that this request made, or empty text without a sign-in on a new device."""
    return str(getattr(request, "new_device_token", ""))


def set_device_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie with the token of this request before the tokens of other people who use the browser."""
    if (token := new_device_token(request)) and not is_rest(request):
        age = period_of(RetentionClass.SECURITY)
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            _BETWEEN_TOKENS.join([token, *_tokens(request)][:MOST_IN_A_BROWSER]),
            max_age=age,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def note_known_device(request: HttpRequest, user: User, **_more: object) -> None:
    """Remember the device of a sign-in, and notify the owner where it is new."""
    remember_device(request, user)
    is_first = _just_registered(user) and getattr(request, "is_first_device", False)
    if new_device_token(request) and not is_first:
        notify_change(subject=user.subject, kind=SecurityEvent.Kind.SIGNED_IN)


def _new_device(request: HttpRequest, user: User) -> KnownDevice:
    token, now = secrets.token_hex(32), timezone.now()
    device = KnownDevice(
        subject_id=user.subject_id, hash=_hash(token), device=device_of(request), created_at=now, last_used_at=now
    )
    device.save(force_insert=True)
    known = list(known_devices_of(user.subject_id).values_list("pk", flat=True))
    if beyond := known[MOST:]:
        KnownDevice.objects.filter(pk__in=beyond).delete()
    request.new_device_token = token  # type: ignore[attr-defined]
    request.is_first_device = len(known) == 1  # type: ignore[attr-defined]
    return device


def _just_registered(user: User) -> bool:
    return user.verified_at is not None and timezone.now() - user.verified_at < JUST_REGISTERED


def _tokens(request: HttpRequest) -> list[str]:
    """Return the token that an app sent, or those of a browser's cookie, the newest first."""
    given = getattr(request, "device_token", "")
    tokens = (
        [given] if is_rest(request) else request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(_BETWEEN_TOKENS)
    )
    return [token for token in tokens[:MOST_IN_A_BROWSER] if _TOKEN.fullmatch(token)]


def _hash(token: str) -> bytes:
    return blind_index(token, "known device")
