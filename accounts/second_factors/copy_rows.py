"""The rows of a copy of a person's data about second factors, without secrets."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator

from accounts.second_factors.passkey_names import DEVICE, typed_name
from accounts.tries.models import ConsecutiveFailures

_Factor = ConsecutiveFailures.Authenticator


_FACTORS = {
    Authenticator.Type.TOTP: _Factor.APP.label,
    Authenticator.Type.RECOVERY_CODES: _Factor.RECOVERY_CODES.label,
    Authenticator.Type.WEBAUTHN: _Factor.PASSKEY.label,
}


def factor_rows(subject_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield each second factor without its secret."""
    for factor in Authenticator.objects.filter(user__subject_id=subject_id).order_by("pk"):
        yield {
            "type": factor.type,
            "name": typed_name(factor) or None,
            "device": factor.data.get(DEVICE),
            "created_at": factor.created_at,
            "last_used_at": factor.last_used_at,
        }


def factor_label(kind: str) -> str:
    """Return the name of a kind of second factor."""
    return str(_FACTORS.get(kind, kind))
