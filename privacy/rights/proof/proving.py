"""Prove who asks by codes: one to the address that the person gave, and one more where data is handed out.

Nothing before a right code depends on whether the address belongs to an account. Each proof, also a later one, needs
new codes: a second code is sent by a right first one only, and only the code that was sent last counts.
"""

import hmac

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from privacy.notices.addresses import ContactAddress, addresses_of, owner_of
from privacy.rights.choices import HAND_OUT, Proof
from privacy.rights.models.codes import ProofCode
from privacy.rights.models.requests import RightsRequest
from privacy.rights.notices import code_hash, send_proof_code
from privacy.rights.services import prove
from privacy.subjects.models import DataSubject

# Tries with one code, and wrong ones with all codes of one request: six digits are guessed once in ten thousand
# requests. Tries for one address are limited by the number of codes that are sent to it, and by caller (`limits.py`):
# a stranger who guesses must not keep the owner of the address from proving.
MOST_TRIES, MOST_TRIES_OF_A_REQUEST = 5, 100
GIVEN, OTHER = 1, 2


class WrongCode(Exception):
    """The code is wrong, used, too old, or was tried too often; the message says what to do."""


def check_code(*, request: RightsRequest, code: str) -> bool:
    """Check a typed code; a right one proves the request, or sends the second code that it needs.

    Return whether the person is proven now; each proof, also a later one, needs new codes. Raises `WrongCode`.
    """
    newest = request.codes.order_by("-sent_at", "-place").first()
    if newest is None or not _is_right(newest, code):
        raise WrongCode(_("This code is wrong or no longer valid. Check it, or have a new one sent."))
    owner = owner_of(str(request.address))
    # Staff saw a document of a person who wrote from an address that no account has.
    if owner is None and request.proof == Proof.DOCUMENT:
        owner = request.subject
    # The address left the account since, and may be somebody else's now: it opens nothing of its former owner.
    if request.subject_id and request.subject != owner:
        raise WrongCode(_("This code is wrong or no longer valid. Check it, or have a new one sent."))
    other = None if request.proof == Proof.DOCUMENT else other_address(request, owner)
    if other and newest.place == GIVEN:
        send_proof_code(request, to=other, place=OTHER)
        return False
    prove(request=request, proof=Proof.TWO_CODES if newest.place == OTHER else Proof.ONE_CODE, subject=owner)
    return True


def other_address(request: RightsRequest, owner: DataSubject | None) -> ContactAddress | None:
    """Return the contact point to which the second code goes; None if the request needs one code only."""
    if owner is None or not request.items.filter(right__in=sorted(HAND_OUT)).exists():
        return None
    return next((one for one in addresses_of(owner) if one.value != str(request.address)), None)


def _is_right(present: ProofCode, code: str) -> bool:
    """Whether this code was typed and is valid; each wrong one counts as a try of the request, too.

    A right code works once. A new code replaces the row of the former one, so that the request counts.
    """
    request = RightsRequest.objects.filter(pk=present.request_id, wrong_codes__lt=MOST_TRIES_OF_A_REQUEST)
    valid = ProofCode.objects.filter(pk=present.pk, used_at__isnull=True, expires_at__gt=Now())
    may_try = valid.filter(tries__lt=MOST_TRIES, request__in=request).update(tries=F("tries") + 1)
    if not may_try:
        return False
    if not hmac.compare_digest(bytes(present.code_hash), code_hash(present.request_id, present.place, code)):
        request.update(wrong_codes=F("wrong_codes") + 1)
        return False
    return bool(valid.update(used_at=Now()))
