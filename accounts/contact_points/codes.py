"""One-time codes: 6 digits, 10 minutes, 5 tries, used once, kept as a keyed hash.

`code_requests` binds each code to the session that requested it. `code_owners` finds its owner when it is sent.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.contact_points.logins import contacts_meant
from accounts.contact_points.models import Code, ContactPoint
from accounts.contact_points.services import channel_of_value, is_taken
from accounts.tries.limits import consume, number_prefix
from accounts.users.models import User
from privacy.encryption.keys import create_keys_for, system_key
from privacy.inventory.periods import period_in_words
from privacy.inventory.typed import DIGITS
from privacy.limits.counting import MAX_COUNTED_LENGTH
from privacy.notices.limits import refuse_where_spent
from privacy.notices.preparing import PreparedNotice, prepare_notice
from privacy.notices.services import WITHOUT_ADDRESSEE

CODES_SYSTEM_KEY = "codes"
TRIES = 5
# Others can request codes to the same contact point. The limit keeps the chance of guessing one of them low.
MOST_ALIVE = 10
# The messages that carry a code to the owner of a login.
TEMPLATES = {Code.Use.RECOVER: "recovery_code", Code.Use.SIGN_IN: "sign_in_code"}


class WrongCode(Exception):
    """The digits are wrong; `tries_left` is the number of tries that are left."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"Wrong code, {tries_left} tries left.")
        self.tries_left = tries_left


class CodeExpired(Exception):
    """No code can be used: it is too old, tried too often, used, or was never sent."""


def count_code(*, values: Sequence[str], network: str, device: str = "") -> None:
    """Count a code to the contact point that has one of these canonical values. Raises `RateLimited`.

    `device` is the number of a known device of the contact point's owner, if the request comes from one.
    """
    refuse_where_spent(values)
    prefixes = [number_prefix(value) for value in values]
    who: dict[str, Sequence[str]] = {"device": device} if device else {"contact": values, "prefix": prefixes}
    consume("code", network=network, **who)


def send_code(contact: ContactPoint, *, epoch: int, language: str) -> Code:
    """Send a code that proves a contact point of a person with this epoch; return its row.

    Earlier codes stay valid. Where no usable code may be sent, a row is stored all the same, in the same time: for a
    contact point with too many waiting codes, and for one that another person owns, who is notified instead.
    """
    code, ready = ready_code(contact, epoch=epoch, language=language)
    _store(code, ready)
    return code


def ready_code(
    contact: ContactPoint, *, epoch: int, language: str, is_new: bool = False
) -> tuple[Code, PreparedNotice]:
    """Return what `send_code` stores: a code and its message. A contact point that `is_new` has no waiting code."""
    taken = is_taken(contact)
    usable = (is_new or not waits_for_too_many(contact, Code.Use.VERIFY)) and not taken
    code, digits = _new_code(Code.Use.VERIFY, is_usable=usable)
    code.contact, code.subject_id, code.epoch = contact, contact.subject_id, epoch
    ready = prepare_notice(
        subject=contact.subject,
        channel=channel_of_value(contact.value),
        address=contact.value,
        template="verification_code" if usable else "already_registered" if taken else WITHOUT_ADDRESSEE,
        language=language,
        context=_context(code),
        code="" if taken else digits,
    )
    return code, ready


def send_code_by_login(login: str, *, use: Code.Use, language: str) -> Code:
    """Send a code to the owner of this phone number or e-mail address; return its row, which has no owner yet."""
    code, digits = _new_code(use)
    meant = contacts_meant(login)
    address = meant[0] if meant else login[:MAX_COUNTED_LENGTH]
    ready = prepare_notice(
        subject=None,
        channel=channel_of_value(address),
        address=address,
        template=TEMPLATES[use],
        language=language,
        context={**_context(code), "meant": json.dumps(meant), "code_id": str(code.pk)},
        code=digits,
    )
    _store(code, ready)
    return code


def code_lifetime() -> str:
    """Return how long a code works, in the reader's words."""
    return period_in_words(settings.CODE_LIFETIME)


def is_code_waiting(*, code_id: UUID, use: Code.Use) -> bool:
    """Whether a code can still be used."""
    return _waiting(use).filter(pk=code_id, tries_left__gt=0).exists()


def waits_for_too_many(contact: ContactPoint, use: Code.Use) -> bool:
    """Whether a contact point has so many usable codes that no other is sent."""
    return _waiting(use).filter(contact=contact).count() >= MOST_ALIVE


def use_code(*, code_id: UUID, use: Code.Use, digits: str) -> Code:
    """Use up a code and return it. Raises `WrongCode`, or `CodeExpired` where no try is left.

    A code of an earlier epoch of its person is wrong. A code without an owner is wrong, too.
    """
    waiting = _waiting(use).filter(pk=code_id)
    # Each try is counted before the digits are compared, so that parallel guesses share the five tries.
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


def _new_code(use: Code.Use, *, is_usable: bool = True) -> tuple[Code, str]:
    """Return a new code and its digits. The stored hash matches no digits where the code is not usable."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code = Code(use=use, tries_left=TRIES, expires_at=timezone.now() + settings.CODE_LIFETIME)
    code.hash = _hash(code, digits if is_usable else secrets.token_hex())
    return code, digits


def _store(code: Code, ready: PreparedNotice) -> None:
    create_keys_for(ready.keys)
    with transaction.atomic():
        code.save(force_insert=True)
        ready.store()


def _context(code: Code) -> dict[str, str]:
    minutes = str(int(settings.CODE_LIFETIME.total_seconds() // 60))
    return {"expires_at": code.expires_at.isoformat(), "minutes": minutes}


def _hash(code: Code, digits: str) -> bytes:
    return hmac.digest(system_key(CODES_SYSTEM_KEY), f"{code.pk}|{digits}".encode(), hashlib.sha256)
