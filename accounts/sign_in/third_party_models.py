"""allauth's tables of e-mail addresses, which stay empty."""

from allauth.account.models import EmailAddress, EmailConfirmation

from privacy.inventory.copy_parts import NotCopied
from privacy.inventory.declarations import Record, ThirdPartyModel
from privacy.inventory.retention_classes import RetentionClass

_EMPTY = "allauth's table keeps addresses in clear, so nothing is ever written to it"


THIRD_PARTY_MODELS = [
    ThirdPartyModel(
        EmailAddress,
        Record(
            subject="user__subject",
            retention=RetentionClass.ACCOUNT,
            plain=dict.fromkeys(("email", "verified", "primary"), _EMPTY),
            copy=NotCopied(_EMPTY),
        ),
    ),
    ThirdPartyModel(
        EmailConfirmation,
        Record(
            subject="email_address__user__subject",
            retention=RetentionClass.ACCOUNT,
            plain=dict.fromkeys(("created", "sent", "key"), _EMPTY),
            copy=NotCopied(_EMPTY),
        ),
    ),
]
