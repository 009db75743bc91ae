"""allauth's table of second factors, whose secrets are sealed."""

from allauth.mfa.models import Authenticator

from accounts.second_factors.copy_parts import SECOND_FACTORS
from privacy.inventory.declarations import TECHNICAL, Record, ThirdPartyModel
from privacy.inventory.retention_classes import RetentionClass

THIRD_PARTY_MODELS = [
    ThirdPartyModel(
        Authenticator,
        Record(
            subject="user__subject",
            retention=RetentionClass.ACCOUNT,
            plain={
                "type": TECHNICAL,
                "data": "secrets sealed under the person's key; a passkey's public key, with the family of its device",
                "created_at": TECHNICAL,
                "last_used_at": TECHNICAL,
            },
            copy=SECOND_FACTORS,
        ),
    ),
]
