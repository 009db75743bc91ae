"""allauth's own tables that point at a user. They stay empty: an e-mail address is a sealed contact point of ours."""

from allauth.account.models import EmailAddress, EmailConfirmation

from privacy.register.declarations import Record, declare_foreign_record

_EMPTY = "allauth's table keeps addresses in clear, so nothing is ever written to it"

declare_foreign_record(
    EmailAddress,
    Record(subject="user__subject", plain=dict.fromkeys(("email", "verified", "primary"), _EMPTY), exported=False),
)
declare_foreign_record(
    EmailConfirmation,
    Record(
        subject="email_address__user__subject",
        plain=dict.fromkeys(("created", "sent", "key"), _EMPTY),
        exported=False,
    ),
)
