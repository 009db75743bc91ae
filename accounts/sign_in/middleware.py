"""Middleware of signing in: sessions, whose request it is, and fresh sign-in where a view asks for it."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from privacy.subjects.models import DataSubject

__all__ = ["FreshSignInMiddleware", "SessionMiddleware", "SubjectMiddleware"]

GetResponse = Callable[[HttpRequest], HttpResponse]


class SubjectMiddleware:
    """Gives each request `data_subject`: the nameless person who is signed in, or None."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.data_subject = SimpleLazyObject(lambda: _subject_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class FreshSignInMiddleware:
    """Asks again for the password before a view that is marked `fresh_sign_in_required`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the view through where the person proved lately who they are."""
        if not getattr(view, "fresh_sign_in_required", False):
            return None
        return reauthentication_required(view)(request, *args, **kwargs)


def _subject_of(request: HttpRequest) -> DataSubject | None:
    user = request.user
    return DataSubject.objects.get(pk=user.subject_id) if user.is_authenticated else None
