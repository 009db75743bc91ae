"""What a copy of one's data contains of sessions, devices and second factors: what settings show, and no secret."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sign_in.known_devices import known_devices_of
from accounts.sign_in.lifetimes import SIGNED_IN_KEY, USED_KEY
from accounts.sign_in.models import Session
from accounts.sign_in.open_sessions import DEVICE_KEY
from accounts.sign_in.security_changes import SecurityChange
from accounts.sign_in.session_names import session_name
from accounts.users.models import USERNAME
from privacy.export.extracts import Extract, register_extract


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
        yield {"device": known.device, "created_at": known.created_at, "last_used_at": known.last_used_at}


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
            "kind": change.kind,
            "at": change.at,
            "device": change.device,
            "undo_until": change.undo_until,
            "value": change.former_contact,
            "username": change.former_username,
        }


register_extract(
    Extract(
        "accounts.securitychange",
        _("sign-in changes"),
        {
            "kind": _("kind"),
            "at": _("time"),
            "device": _("device"),
            "undo_until": _("can be undone until"),
            "value": _("Phone number or e-mail address"),
            "username": USERNAME.label,
        },
        changes_told,
    )
)
register_extract(
    Extract(
        "accounts.session",
        _("sessions"),
        {
            "name": _("name"),
            "device": _("device"),
            "signed_in_at": _("signed in"),
            "last_used_at": _("last used"),
            "ends_at": _("ends"),
        },
        sessions_told,
    )
)
register_extract(
    Extract(
        "accounts.knowndevice",
        _("known devices"),
        {"device": _("device"), "created_at": _("first signed in"), "last_used_at": _("last signed in")},
        devices_told,
    )
)
register_extract(
    Extract(
        "mfa.authenticator",
        _("second factors"),
        {"type": _("kind"), "created_at": _("created"), "last_used_at": _("last used")},
        factors_told,
    )
)
