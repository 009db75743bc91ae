"""How this session was authenticated, whatever factors the account has (NIST SP 800-63B-4, 2.4)."""

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from accounts.second_factors.services import SECOND_FACTOR, has_second_factor


def session_has_second_factor(request: HttpRequest) -> bool:
    """Whether the person has a second factor and gave one in this session: a code, a recovery code or a passkey."""
    records = get_authentication_records(request, request.user)
    return has_second_factor(request.user) and any(record["method"] == SECOND_FACTOR for record in records)


def proved_at(request: HttpRequest) -> float:
    """Return when the person last authenticated in this session at their highest level, in seconds since 1970.

    With a second factor, a password alone does not count. Returns 0 where they did not.
    """
    needs_factor = has_second_factor(request.user)
    records = get_authentication_records(request, request.user)
    proofs = [record["at"] for record in records if not needs_factor or record["method"] == SECOND_FACTOR]
    return max(proofs, default=0.0)
