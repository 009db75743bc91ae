"""Middleware of signing in: sessions, whose request it is, and fresh sign-in where a view asks for it."""

import math
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware as CookieSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.sign_in.epochs import BeginAgain
from accounts.sign_in.freshness import ask_again, signed_in_recently
from accounts.sign_in.limits import RateLimited
from accounts.sign_in.open_sessions import note_use
from privacy.rest.doors import is_rest
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, NOT_SIGNED_IN, Problem
from privacy.subjects.markers import needs_fresh_sign_in
from privacy.subjects.models import DataSubject

GetResponse = Callable[[HttpRequest], HttpResponse]
_TOKEN = re.compile(r"Bearer ([a-z0-9]{32})")


class SessionMiddleware(CookieSessionMiddleware):
    """A page's session comes by cookie, an app's by its token; neither door takes the other's.

    So no page of another site can use an app's session, and an app needs no protection against forged forms.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Find the session."""
        if not is_rest(request):
            super().process_request(request)
            return
        token = _TOKEN.fullmatch(request.headers.get("Authorization", ""))
        request.session = self.SessionStore(token[1] if token else None)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store the session where it changed; an app was told its token by the endpoint."""
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


class SubjectMiddleware:
    """Gives each request `data_subject`: the nameless person who is signed in, or None."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the subject; it is read from the database only where somebody asks."""
        request.data_subject = SimpleLazyObject(lambda: _subject_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class LastUsedMiddleware:
    """Notes when a session was last used, every few minutes, so that its owner can tell which are theirs (1.5)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it, and pass the request on."""
        note_use(request)
        return self.get_response(request)


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
        if signed_in_recently(request):
            return None
        return Problem(FRESH_SIGN_IN_REQUIRED).response() if is_rest(request) else ask_again(request)


class RateLimitMiddleware:
    """Answers 429, with when to try again, wherever a limit is reached."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn `RateLimited` into its page."""
        if not isinstance(exception, RateLimited):
            return None
        context = {"minutes": math.ceil(exception.retry_after / 60)}
        response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(exception.retry_after)
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
