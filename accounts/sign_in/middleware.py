"""Middleware of signing in: sessions, whose request it is, and fresh sign-in where a view asks for it."""

import math
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_out
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware as CookieSessionMiddleware
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.sign_in.epochs import BeginAgain
from accounts.sign_in.freshness import ask_again, signed_in_recently
from accounts.sign_in.known_devices import set_device_cookie
from accounts.sign_in.limits import LIMITS, RateLimited, consume
from accounts.sign_in.networks import network_of
from accounts.sign_in.open_sessions import note_use
from accounts.sign_in.second_factors import has_second_factor
from accounts.sign_in.session_keys import RANDOM_CHARACTERS, TOKEN_PREFIX
from accounts.sign_in.session_store import TokenStore
from privacy.rest.doors import is_rest
from privacy.rest.problems import (
    FRESH_SIGN_IN_REQUIRED,
    NOT_SIGNED_IN,
    PASSWORD_CHANGE_REQUIRED,
    RATE_LIMITED,
    Problem,
)
from privacy.subjects.markers import (
    is_asking_for_password,
    is_open_with_temporary_password,
    limit_of,
    needs_fresh_sign_in,
)
from privacy.subjects.models import DataSubject

# What a browser forgets at sign-out. Not "cookies": that empties those of the whole registrable domain, so that people
# would be signed out of its other sites; the session's own cookie is taken back by itself.
LEFT_IN_BROWSER = '"cache", "storage"'
GetResponse = Callable[[HttpRequest], HttpResponse]
# The scheme is written in any case, with one blank or more (RFC 9110, 11.1 and 11.4).
_TOKEN = re.compile(rf"(?i:Bearer) +({TOKEN_PREFIX}[a-z0-9]{{{RANDOM_CHARACTERS}}})")


class SessionMiddleware(CookieSessionMiddleware):
    """A page's session comes by cookie, an app's by its token; they are two kinds, and neither works as the other.

    So no page of another site can use an app's session, and an app needs no protection against forged forms.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Find the session."""
        if not is_rest(request):
            super().process_request(request)
            return
        token = _TOKEN.fullmatch(request.headers.get("Authorization", ""))
        request.session = TokenStore(token[1] if token else None)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store the session where it changed; an app was told its token by the endpoint."""
        if getattr(request, "signed_out", False):
            response["Clear-Site-Data"] = LEFT_IN_BROWSER
        if not is_rest(request):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Authorization",))
        response.cookies.clear()  # signing in turned the pages' forgery token
        session = request.session
        if not session.modified or session.is_empty() or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return response
        try:
            session.save()
        except UpdateError:  # another request ended it meanwhile
            return Problem(NOT_SIGNED_IN).response()
        return response


@receiver(user_logged_out)
def _note_sign_out(request: HttpRequest, **_more: Any) -> None:
    request.signed_out = True  # type: ignore[attr-defined]


class SubjectMiddleware:
    """Gives each request `data_subject`, the nameless person who is signed in or None, and its shortened `network`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set both; the subject is read from the database only where somebody asks."""
        request.network = network_of(request)  # type: ignore[attr-defined]
        request.data_subject = SimpleLazyObject(lambda: _subject_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class LastUsedMiddleware:
    """Notes when a session was last used, every few minutes, so that its owner can tell which are theirs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it, and pass the request on."""
        note_use(request)
        return self.get_response(request)


class KnownDeviceMiddleware:
    """Gives a browser in which somebody signed in for the first time the cookie by which it is known again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and set the cookie where there is one."""
        response = self.get_response(request)
        set_device_cookie(request, response)
        return response


class FreshSignInMiddleware:
    """Asks again who it is before a view that is marked `fresh_sign_in_required`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the view through where the person proved lately who they are."""
        if not needs_fresh_sign_in(view, request.method or ""):
            return None
        if not request.user.is_authenticated:
            # An endpoint says itself that nobody is signed in.
            return None if is_rest(request) else redirect_to_login(request.get_full_path())
        gives_password = is_asking_for_password(view)
        if signed_in_recently(request) or (gives_password and not has_second_factor(request.user)):
            return None
        if is_rest(request):
            return Problem(FRESH_SIGN_IN_REQUIRED).response()
        return ask_again(request, keep_form=not gives_password)  # a password is kept nowhere


class TemporaryPasswordMiddleware:
    """Opens nothing but the password page while a member of staff has the password that somebody else chose."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the view decides, in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let a marked view through, and everybody whose password is their own."""
        if is_open_with_temporary_password(view) or getattr(request.user, "temporary_password_until", None) is None:
            return None
        return Problem(PASSWORD_CHANGE_REQUIRED).response() if is_rest(request) else redirect("change_password")


class RateLimitMiddleware:
    """Counts requests to views that are marked `limited`, and answers 429, with when to try again, at any limit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Count the request for its person, or for the network where nobody is signed in; before any transaction."""
        action = limit_of(view, request.method or "")
        if not action:
            return None
        try:
            # A view that is for signed-in people alone says itself that nobody is.
            consume(action, **{name: value for name, value in _caller(request).items() if name in LIMITS[action]})
        except RateLimited as limited:
            return _too_many(request, limited)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn `RateLimited` into its page."""
        return _too_many(request, exception) if isinstance(exception, RateLimited) else None


def _caller(request: HttpRequest) -> dict[str, str]:
    if request.user.is_authenticated:
        return {"person": str(request.user.pk)}
    return {"network": network_of(request)}


def _too_many(request: HttpRequest, limited: RateLimited) -> HttpResponse:
    headers = {"Retry-After": str(limited.retry_after)}
    if is_rest(request):
        return Problem(RATE_LIMITED, headers=headers).response()
    context = {"minutes": math.ceil(limited.retry_after / 60)}
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = headers["Retry-After"]
    return response


class BeginAgainMiddleware:
    """Sends a person whose sign-in or proof no longer counts to the sign-in page, and says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn `BeginAgain` into the way back."""
        if not isinstance(exception, BeginAgain):
            return None
        messages.warning(request, _("This step is no longer valid, because your account changed. Start again."))
        return redirect("sign_in")


def _subject_of(request: HttpRequest) -> DataSubject | None:
    user = request.user
    return user.subject if user.is_authenticated else None
