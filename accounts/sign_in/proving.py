"""Prove by a code, before one is signed in, that a contact point is one's own: to recover, or to sign in."""

import time

from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.sign_in.backends import contacts_meant, find_contact, names_counted
from accounts.sign_in.codes import CodeExpired, WrongCode, count_code, send_counted_code, use_code
from accounts.sign_in.limits import consume
from accounts.sign_in.models import Code, ContactPoint
from accounts.sign_in.networks import network_of
from accounts.users.models import User

PROVEN_FOR_SECONDS = 600
# To send a code, or to look at one, takes a few milliseconds more than not to: each answer that may not tell takes this
# long instead.
EVEN_ANSWER_SECONDS = 0.3


def ask_for_code(request: HttpRequest, login: str, use: Code.Use) -> None:
    """Send a code to a verified contact point, if `login` is one; nobody can tell whether it was.

    Raises `RateLimited`, for nobody as soon as for somebody.
    """
    started = time.monotonic()
    try:
        _ask_for_code(request, login, use)
    finally:
        _wait_until_even(started)


def was_asked(request: HttpRequest, use: Code.Use) -> bool:
    """Whether this session asked for a code."""
    return _contact_key(use) in request.session


def prove(request: HttpRequest, digits: str, use: Code.Use) -> bool:
    """Whether the digits are those that were sent; if so, this session has proved it for ten minutes.

    Nobody can tell by the time of a refusal whether a code was sent at all.
    """
    started, contact = time.monotonic(), _contact(request, use)
    if contact and _is_right(contact, use, digits):
        request.session[_proven_key(use)] = time.time()
        return True
    _wait_until_even(started)
    return False


def proven_user(request: HttpRequest, use: Code.Use) -> User | None:
    """Return the user whose contact point this session proved lately, or None."""
    contact = _contact(request, use)
    if contact is None or time.time() - request.session.get(_proven_key(use), 0) > PROVEN_FOR_SECONDS:
        return None
    return User.objects.get(subject_id=contact.subject_id)


def forget_proof(request: HttpRequest, use: Code.Use) -> None:
    """A proof is used once."""
    for key in (_contact_key(use), _proven_key(use)):
        request.session.pop(key, None)


def _ask_for_code(request: HttpRequest, login: str, use: Code.Use) -> None:
    network = network_of(request)
    consume("recover", contact=names_counted(login), network=network)
    count_code(values=contacts_meant(login), network=network)
    contact = find_contact(login)
    if contact:
        send_counted_code(contact=contact, use=use, language=get_language() or "en")
    request.session[_contact_key(use)] = str(contact.pk) if contact else ""
    request.session.pop(_proven_key(use), None)


def _is_right(contact: ContactPoint, use: Code.Use, digits: str) -> bool:
    try:
        use_code(contact=contact, use=use, digits=digits)
    except (WrongCode, CodeExpired):
        return False
    return True


def _wait_until_even(started: float) -> None:
    time.sleep(max(0.0, EVEN_ANSWER_SECONDS - (time.monotonic() - started)))


def _contact(request: HttpRequest, use: Code.Use) -> ContactPoint | None:
    contact_id = request.session.get(_contact_key(use))
    return ContactPoint.objects.filter(pk=contact_id).first() if contact_id else None


def _contact_key(use: Code.Use) -> str:
    return f"{use}_contact"


def _proven_key(use: Code.Use) -> str:
    return f"{use}_proven_at"
