"""What a copy of one's data contains of sessions, devices and second factors: what settings show, and no secret."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.sign_in.known_devices import known_devices_of
from accounts.sign_in.lifetimes import SIGNED_IN_KEY, USED_KEY
from accounts.sign_in.models import KnownDevice, Session
from accounts.sign_in.open_sessions import DEVICE_KEY
from accounts.sign_in.security_changes import SecurityChange
from accounts.sign_in.session_names import session_name
from accounts.tries.models import ConsecutiveFailures
from privacy.export.extracts import tell_rows
from privacy.register.words import register_words

_Factor = ConsecutiveFailures.Authenticator
_FACTORS = {
    Authenticator.Type.TOTP: _Factor.APP.label,
    Authenticator.Type.RECOVERY_CODES: _Factor.RECOVERY_CODES.label,
    Authenticator.Type.WEBAUTHN: _Factor.PASSKEY.label,
}


def sessions_told(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each open session without its secret, which is not stored."""
    for row in Session.objects.filter(subject_id=subject_id, expire_date__gt=timezone.now()):
        kept = row.get_decoded()
        yield {
            "name": session_name(kept, subject_id),
            "device": kept.get(DEVICE_KEY),
            "signed_in_at": kept.get(SIGNED_IN_KEY),
            "last_used_at": kept.get(USED_KEY),
            "ends_at": row.expire_date,
        }


def devices_told(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each known device without the hash of its token."""
    for known in known_devices_of(subject_id):
        yield {
            "device": known.device,
            "first_signed_in_at": known.created_at,
            "last_signed_in_at": known.last_used_at,
        }


def factors_told(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each second factor without its secret."""
    for factor in Authenticator.objects.filter(user__subject_id=subject_id).order_by("pk"):
        yield {
            "type": factor.type,
            "created_at": factor.created_at,
            "last_used_at": factor.last_used_at,
        }


def changes_told(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each change that is kept to be undone, with what it replaced; never a second factor."""
    for change in SecurityChange.objects.filter(subject_id=subject_id).order_by("at"):
        yield {
            "at": change.at,
            "kind": change.kind,
            "device": change.device,
            "former_contact": change.former_contact,
            "former_username": change.former_username,
            "undo_until": change.undo_until,
        }


register_words("second_factor", lambda kind: str(_FACTORS.get(kind, kind)))
tell_rows(Session, sessions_told)
tell_rows(KnownDevice, devices_told)
tell_rows(Authenticator, factors_told)
tell_rows(SecurityChange, changes_told)
