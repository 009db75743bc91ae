"""The state of a sign-in: done, waiting for a step, or stopped by a cancellation."""

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
    """The signed-in user, the next step (`verify_contact`, `second_factor`), or a cancellation that can be undone.

    `refusal` is the reason why this account cannot be signed in to.
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
    """Begin a sign-in after a right password and reset its tries, also where a step is left."""
    try:
        return perform_password_login(request, {}, login)
    finally:
        forgive_tries(request)


def begin_with_code(request: HttpRequest, user: User) -> SignInState:
    """Begin a sign-in after a right code. Raises `RateLimited`."""
    sign_in_by_code(request, new_login(user))
    return sign_in_state(request)


def sign_in_by_code(request: HttpRequest, login: Login) -> HttpResponse:
    """Begin a sign-in after a right code; return the answer of its first step. Raises `RateLimited`."""
    response: HttpResponse = perform_login(request, login)
    return response


def sign_in_state(request: HttpRequest) -> SignInState:
    """Return the state of this session's sign-in."""
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
