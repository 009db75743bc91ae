"""One-time codes: 6 digits, 10 minutes, 5 tries, used once, kept as a keyed hash.

`accounts.sign_in.asked_codes` binds each to the session that asked for it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.sign_in.contact_points import channel_of_value, is_taken
from accounts.sign_in.limits import consume, number_prefix
from accounts.sign_in.models import Code, ContactPoint
from accounts.users.models import User
from privacy.encryption.keys import house_key
from privacy.notices.limits import refuse_where_spent
from privacy.notices.services import TO_NOBODY, send_notice
from privacy.register.periods import in_words

CODES_HOUSE_KEY = "codes"
DIGITS = 6
TRIES = 5
# Others can ask for codes to one's contact point, too: so many at once leave little to guess, and any is as good.
MOST_ALIVE = 10
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


@dataclass(frozen=True)
class Destination:
    """Where a code goes: a canonical phone number or e-mail address, whose contact point it is, and their epoch.

    It has no contact point where nobody has this value.
    """

    value: str
    contact: ContactPoint | None = None
    epoch: int = 0


def count_code(*, values: Sequence[str], network: str, device: str = "") -> None:
    """Count a code to the contact point that has one of these canonical values, or to nobody. Raises `RateLimited`.

    `device` is the number of a device that the owner of the contact point signed in with before, if it asks.
    """
    refuse_where_spent(values)
    prefixes = [number_prefix(value) for value in values]
    who: dict[str, Sequence[str]] = {"device": device} if device else {"contact": values, "prefix": prefixes}
    consume("code", network=network, **who)


def send_code(*, to: Destination, use: Code.Use, language: str) -> Code:
    """Send a fresh code, which leaves earlier ones as they are; return its row.

    The same is done, and takes the same time, where no code that could be used may go out: to nobody, to a contact
    point that is waiting for too many, or to one that somebody else owns, whose owner is notified instead.
    """
    taken = use == Code.Use.VERIFY and to.contact is not None and is_taken(to.contact)
    usable = not _waits_for_too_many(to.contact, use) and to.contact is not None and not taken
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code = Code(contact=to.contact, use=use, epoch=to.epoch, tries_left=TRIES)
    code.subject_id = to.contact.subject_id if to.contact else None
    code.hash = _hash(code, digits if usable else secrets.token_hex())
    code.expires_at = timezone.now() + settings.CODE_LIFETIME
    send_notice(
        subject=to.contact.subject if to.contact else None,
        channel=channel_of_value(to.value),
        address=to.value,
        template=_TEMPLATES[use] if usable else "already_registered" if taken else TO_NOBODY,
        language=language,
        context={"expires_at": code.expires_at.isoformat(), "minutes": _minutes()},
        code="" if taken else digits,
        along=[code],
    )
    return code


def code_lifetime() -> str:
    """Return how long a code works, in the reader's words."""
    return in_words(settings.CODE_LIFETIME)


def is_code_waiting(*, code_id: UUID, use: Code.Use) -> bool:
    """Whether a code could still be used."""
    return _waiting(use).filter(pk=code_id, tries_left__gt=0).exists()


def use_code(*, code_id: UUID, use: Code.Use, digits: str) -> Code:
    """Use a code up and return what it was. Raises `WrongCode`, or `CodeExpired` where nothing is left to try.

    A code of an earlier epoch of its person is a wrong one.
    """
    waiting = _waiting(use).filter(pk=code_id)
    # Each try is paid for before it is looked at, so that parallel guesses share the five.
    if not waiting.filter(tries_left__gt=0).update(tries_left=F("tries_left") - 1):
        raise CodeExpired("This code is too old, or was tried too often or used.")
    code = waiting.annotate(present_epoch=_EPOCH).first()
    if code is None:
        raise CodeExpired("The code was used.")
    is_right = hmac.compare_digest(bytes(code.hash), _hash(code, digits))
    if not is_right or code.present_epoch != code.epoch:
        raise WrongCode(code.tries_left)
    if not Code.objects.filter(pk=code_id).delete()[0]:
        raise CodeExpired("The code was used by another request.")
    return code


_EPOCH = Subquery(User.objects.filter(subject_id=OuterRef("subject_id")).values("epoch"))


def _waiting(use: Code.Use) -> QuerySet[Code]:
    return Code.objects.filter(use=use, expires_at__gt=timezone.now())


def _waits_for_too_many(contact: ContactPoint | None, use: Code.Use) -> bool:
    # Of nobody the same is asked: it takes as long.
    return _waiting(use).filter(contact_id=contact.pk if contact else uuid4()).count() >= MOST_ALIVE


def _hash(code: Code, digits: str) -> bytes:
    return hmac.digest(house_key(CODES_HOUSE_KEY), f"{code.pk}|{digits}".encode(), hashlib.sha256)


def _minutes() -> str:
    return str(int(settings.CODE_LIFETIME.total_seconds() // 60))
