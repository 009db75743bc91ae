"""Undo a cancellation: the one thing left to a person who cancelled and proved again who they are."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from accounts.sign_in.adapter import UNDO_SESSION_KEY
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.queries import open_case
from privacy.erasure.services import undo_cancellation


def case_to_undo(request: HttpRequest) -> ErasureCase | None:
    """Return the cancellation that this session may undo, or None."""
    user = _cancelled_user(request)
    return open_case(user.subject_id) if user else None


def undo_and_sign_in(request: HttpRequest, case: ErasureCase) -> HttpResponse:
    """Keep the account and sign its owner in. Raises `TooLateToUndo`."""
    undo_cancellation(case=case)
    del request.session[UNDO_SESSION_KEY]
    user = User.objects.get(subject_id=case.subject_id)
    return perform_login(request, Login(user=user))


def _cancelled_user(request: HttpRequest) -> User | None:
    if UNDO_SESSION_KEY not in request.session:
        return None
    return User.objects.filter(pk=request.session[UNDO_SESSION_KEY], is_active=False).first()
