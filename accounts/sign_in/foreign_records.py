"""allauth's own tables that point at a user: two stay empty, one holds second factors whose secrets are sealed."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator

from accounts.sign_in.copied import SECOND_FACTORS
from privacy.register.copy_parts import NotCopied
from privacy.register.declarations import TECHNICAL, Record, declare_foreign_record
from privacy.register.retention_classes import RetentionClass

_EMPTY = "allauth's table keeps addresses in clear, so nothing is ever written to it"

declare_foreign_record(
    EmailAddress,
    Record(
        subject="user__subject",
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(("email", "verified", "primary"), _EMPTY),
        copy=NotCopied(_EMPTY),
    ),
)
declare_foreign_record(
    EmailConfirmation,
    Record(
        subject="email_address__user__subject",
        retention=RetentionClass.ACCOUNT,
        plain=dict.fromkeys(("created", "sent", "key"), _EMPTY),
        copy=NotCopied(_EMPTY),
    ),
)
declare_foreign_record(
    Authenticator,
    Record(
        subject="user__subject",
        retention=RetentionClass.ACCOUNT,
        plain={
            "type": TECHNICAL,
            "data": "secrets sealed under the person's key; a passkey's public key, with a name that we generate",
            "created_at": TECHNICAL,
            "last_used_at": TECHNICAL,
        },
        copy=SECOND_FACTORS,
    ),
)
