"""One-time codes: 6 digits, 10 minutes, 5 tries, used once, kept as a keyed hash."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.sign_in.contact_points import channel_of, is_taken
from accounts.sign_in.limits import consume, number_prefix
from accounts.sign_in.models import Code, ContactPoint
from privacy.encryption.keys import house_key
from privacy.notices.limits import refuse_where_spent
from privacy.notices.services import send_notice
from privacy.register.periods import in_words

CODES_HOUSE_KEY = "codes"
DIGITS = 6
TRIES = 5
_TEMPLATES = {
    Code.Use.VERIFY: "verification_code",
    Code.Use.RECOVER: "recovery_code",
    Code.Use.SIGN_IN: "sign_in_code",
}


class WrongCode(Exception):
    """The digits are not those that were sent; `tries_left` says how often one may still try."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"Wrong code, {tries_left} tries left.")
        self.tries_left = tries_left


class CodeExpired(Exception):
    """There is no code that could still be used: it is too old, tried too often, used, or was never sent."""


def send_code(*, contact: ContactPoint, use: Code.Use, language: str, network: str) -> None:
    """Count a code, and send it as `send_counted_code` does. Raises `RateLimited`."""
    count_code(values=[contact.value], network=network)
    send_counted_code(contact=contact, use=use, language=language)


def count_code(*, values: Sequence[str], network: str) -> None:
    """Count a code to the contact point that has one of these canonical values, or to nobody. Raises `RateLimited`."""
    refuse_where_spent(values)
    consume("code", contact=values, network=network, prefix=[number_prefix(value) for value in values])


def send_counted_code(*, contact: ContactPoint, use: Code.Use, language: str) -> None:
    """Send a fresh code to a contact point; an earlier one for the same use ends.

    Where somebody else owns the contact point, its owner is told instead, and no code that could be used exists:
    the caller cannot tell the difference.
    """
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    taken = use == Code.Use.VERIFY and is_taken(contact)
    with transaction.atomic():
        Code.objects.filter(contact=contact, use=use).delete()
        code = Code(contact=contact, subject_id=contact.subject_id, use=use, tries_left=TRIES)
        code.hash = _hash(code, secrets.token_hex() if taken else digits)
        code.expires_at = timezone.now() + settings.CODE_LIFETIME
        send_notice(
            subject=contact.subject,
            channel=channel_of(contact),
            address=contact.value,
            template="already_registered" if taken else _TEMPLATES[use],
            language=language,
            context={"expires_at": code.expires_at.isoformat(), "minutes": _minutes()},
            code="" if taken else digits,
            along=[code],
        )


def code_lifetime() -> str:
    """Return how long a code works, in the reader's words."""
    return in_words(settings.CODE_LIFETIME)


def is_code_waiting(*, contact: ContactPoint, use: Code.Use) -> bool:
    """Whether a code was sent that could still be used."""
    return _waiting(contact, use).filter(tries_left__gt=0).exists()


def use_code(*, contact: ContactPoint, use: Code.Use, digits: str) -> None:
    """Use a code up. Raises `WrongCode`, or `CodeExpired` where none is left to try."""
    waiting = _waiting(contact, use)
    # Each try is paid for before it is looked at, so that parallel guesses share the five.
    if not waiting.filter(tries_left__gt=0).update(tries_left=F("tries_left") - 1):
        raise CodeExpired("No code is waiting for this contact point.")
    code = waiting.first()
    if code is None:
        raise CodeExpired("The code was used or replaced.")
    if not hmac.compare_digest(bytes(code.hash), _hash(code, digits)):
        raise WrongCode(code.tries_left)
    if not Code.objects.filter(pk=code.pk).delete()[0]:
        raise CodeExpired("The code was used by another request.")


def _waiting(contact: ContactPoint, use: Code.Use) -> QuerySet[Code]:
    return Code.objects.filter(contact=contact, use=use, expires_at__gt=timezone.now())


def _hash(code: Code, digits: str) -> bytes:
    return hmac.digest(house_key(CODES_HOUSE_KEY), f"{code.pk}|{digits}".encode(), hashlib.sha256)


def _minutes() -> str:
    return str(int(settings.CODE_LIFETIME.total_seconds() // 60))
