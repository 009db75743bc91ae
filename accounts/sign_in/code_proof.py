"""Prove by a code, before signing in, that a contact point is one's own: to recover access, or to sign in.

The owner of the typed login is looked up when the code is sent, after the answer: neither the content nor the time of
the answer shows whether an account exists.
"""

import datetime as dt
import time

from django.http import HttpRequest

from accounts.contact_points import code_requests
from accounts.contact_points.codes import CodeExpired, WrongCode, count_code
from accounts.contact_points.logins import contacts_meant, rate_limit_names
from accounts.contact_points.models import Code
from accounts.contact_points.services import ContactTaken, mark_verified
from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import record_event
from accounts.sessions.known_devices import known_device_at
from accounts.sessions.repeated_codes import landed_before, note_right_code, one_code_at_a_time
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from accounts.users.epochs import BeginAgain
from accounts.users.models import User

PROVEN_FOR = dt.timedelta(minutes=10)


def request_code(request: HttpRequest, login: str, use: Code.Use) -> None:
    """Send a code to a verified contact point, if `login` is one; the answer does not show whether it is.

    A known device of the owner counts by itself, so that requests of strangers do not block the owner.
    Raises `RateLimited`.
    """
    network = network_of(request)
    consume("recover", network=network)
    meant = contacts_meant(login)
    known = known_device_at(request, meant)
    device = str(known.pk) if known else ""
    consume("recover", **({"device": device} if device else {"contact": rate_limit_names(login)}))
    count_code(values=meant, network=network, device=device)
    request.session.pop(_proven_key(use), None)
    code_requests.ask_by_login(request, login=login, use=use)


def was_code_requested(request: HttpRequest, use: Code.Use) -> bool:
    """Whether this session requested a code."""
    return code_requests.was_asked(request, use=use)


def check_code(request: HttpRequest, digits: str, use: Code.Use) -> bool:
    """Whether the digits are right; if so, the proof holds in this session for ten minutes.

    Raises `RateLimited`.
    """
    with one_code_at_a_time(request):
        is_proven = _proven_key(use) in request.session
        if is_proven and landed_before(request, use=use, digits=digits, within=PROVEN_FOR) is not None:
            return True
        try:
            code = code_requests.use_requested_code(request, use=use, digits=digits)
            if code.contact and not code.contact.verified_at:  # staff replaced a lost one by it
                mark_verified(code.contact)
                record_event(code.contact.subject_id, SecurityEvent.Kind.CONTACT_ADDED)
        except (WrongCode, CodeExpired, ContactTaken):
            return False
        proof = {"subject": str(code.subject_id), "epoch": code.epoch, "at": time.time()}
        request.session[_proven_key(use)] = proof
        note_right_code(request, use=use, digits=digits, former=None)
        return True


def proven_user(request: HttpRequest, use: Code.Use) -> User | None:
    """Return the user whose contact point this session proved within ten minutes, or None.

    Raises `BeginAgain` where the account changed since the request for the code.
    """
    proof = request.session.get(_proven_key(use))
    if proof is None or time.time() - proof["at"] > PROVEN_FOR.total_seconds():
        return None
    user = User.objects.filter(subject_id=proof["subject"]).first()
    if user is None or user.epoch != proof["epoch"]:
        forget_proof(request, use)
        raise BeginAgain("The account changed since this code was asked for.")
    return user


def user_of_code(request: HttpRequest, digits: str) -> User | None:
    """Return the user whom the right code of `SIGN_IN` signs in, once; None for a wrong one.

    Raises `RateLimited`, `BeginAgain`.
    """
    use = Code.Use.SIGN_IN
    user = proven_user(request, use) if check_code(request, digits, use) else None
    if user:
        forget_proof(request, use)
    return user


def forget_proof(request: HttpRequest, use: Code.Use) -> None:
    """Remove the proof from the session: it is used once."""
    code_requests.forget(request, use=use)
    request.session.pop(_proven_key(use), None)


def _proven_key(use: Code.Use) -> str:
    return f"{use}_proven"
