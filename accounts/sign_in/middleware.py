"""Middleware of signing in: fresh sign-in, temporary passwords, and steps that no longer count."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.second_factors.services import has_second_factor
from accounts.sign_in.freshness import ask_again, signed_in_recently
from accounts.users.epochs import BeginAgain
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, PASSWORD_CHANGE_REQUIRED, Problem
from privacy.rest.requests import is_rest
from privacy.subjects.markers import is_asking_for_password, is_open_with_temporary_password, needs_fresh_sign_in

GetResponse = Callable[[HttpRequest], HttpResponse]


class FreshSignInMiddleware:
    """Requires a fresh sign-in before a view that is marked `fresh_sign_in_required`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Call the view after a fresh sign-in; else ask for one."""
        if not needs_fresh_sign_in(view, request.method or ""):
            return None
        if not request.user.is_authenticated:
            # An endpoint itself answers that no one is signed in.
            return None if is_rest(request) else redirect_to_login(request.get_full_path())
        gives_password = is_asking_for_password(view)
        if signed_in_recently(request) or (gives_password and not has_second_factor(request.user)):
            return None
        if is_rest(request):
            return Problem(FRESH_SIGN_IN_REQUIRED).response()
        return ask_again(request, keep_form=not gives_password)  # a password is never stored


class TemporaryPasswordMiddleware:
    """Opens only the password page while a member of staff has a temporary password."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Call a marked view, and every view for a user without a temporary password."""
        if is_open_with_temporary_password(view) or getattr(request.user, "temporary_password_until", None) is None:
            return None
        return Problem(PASSWORD_CHANGE_REQUIRED).response() if is_rest(request) else redirect("change_password")


class BeginAgainMiddleware:
    """Redirects to the sign-in page, with a message, where a sign-in or proof no longer counts."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn `BeginAgain` into that redirect."""
        if not isinstance(exception, BeginAgain):
            return None
        messages.warning(request, _("This step is no longer valid, because your account changed. Start again."))
        return redirect("sign_in")
