"""How a sign-in stands: done, waiting for a step, or stopped by a cancellation."""

from dataclasses import dataclass

from allauth.account.internal.flows.login import perform_login, perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from accounts.sign_in.stages import (
    RefusedStage,
    UndoCancellationStage,
    VerifyContactStage,
    new_login,
    pending_stage,
    stage_of_request,
)
from accounts.tries.limits import forgive_tries
from accounts.users.models import User


@dataclass(frozen=True)
class SignInState:
    """Who is signed in, or which step is next (`verify_contact`, `second_factor`), or that only undoing is left.

    `refusal` says why nobody can sign in to this account now.
    """

    user: User | None = None
    stage: VerifyContactStage | None = None
    next_step: str = ""
    may_undo: bool = False
    refusal: str = ""


def begin_with_password(request: HttpRequest, user: User) -> SignInState:
    """Begin a sign-in after a right password. Raises `RateLimited`."""
    sign_in_by_password(request, new_login(user))
    return sign_in_state(request)


def sign_in_by_password(request: HttpRequest, login: Login) -> HttpResponse:
    """Begin a sign-in after a right password; its tries are forgiven, also where it waits for a step."""
    try:
        return perform_password_login(request, {}, login)
    finally:
        forgive_tries(request)


def begin_with_code(request: HttpRequest, user: User) -> SignInState:
    """Begin a sign-in after a right code. Raises `RateLimited`."""
    perform_login(request, new_login(user))
    return sign_in_state(request)


def sign_in_state(request: HttpRequest) -> SignInState:
    """Return how this session's sign-in stands."""
    if request.user.is_authenticated:
        return SignInState(user=request.user)
    stage = stage_of_request(request) or pending_stage(request)
    if isinstance(stage, VerifyContactStage):
        return SignInState(stage=stage, next_step="verify_contact") if stage.waiting else SignInState()
    if isinstance(stage, UndoCancellationStage):
        return SignInState(may_undo=True)
    if isinstance(stage, RefusedStage):
        return SignInState(refusal=stage.login.user.refusal)
    return SignInState(next_step="second_factor" if stage else "")
