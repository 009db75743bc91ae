"""Middleware of signing in: sessions, whose request it is, and fresh sign-in where a view asks for it."""

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from accounts.sign_in.freshness import ask_again, signed_in_recently
from accounts.sign_in.limits import RateLimited
from accounts.sign_in.open_sessions import note_use
from privacy.subjects.models import DataSubject

__all__ = [
    "FreshSignInMiddleware",
    "LastUsedMiddleware",
    "RateLimitMiddleware",
    "SessionMiddleware",
    "SubjectMiddleware",
]

GetResponse = Callable[[HttpRequest], HttpResponse]


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
        if not getattr(view, "fresh_sign_in_required", False):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return None if signed_in_recently(request) else ask_again(request)


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


def _subject_of(request: HttpRequest) -> DataSubject | None:
    user = request.user
    return DataSubject.objects.get(pk=user.subject_id) if user.is_authenticated else None
