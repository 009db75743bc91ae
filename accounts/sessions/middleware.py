"""Finds the session of a request, and whose it is."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware as CookieSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from accounts.sessions.keys import RANDOM_CHARACTERS, TOKEN_PREFIX
from accounts.sessions.known_devices import set_device_cookie
from accounts.sessions.open_sessions import note_use
from accounts.sessions.store import TokenStore
from accounts.tries.networks import network_of
from privacy.rest.problems import NOT_SIGNED_IN, Problem
from privacy.rest.requests import is_rest
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


def note_sign_out(request: HttpRequest, **_more: Any) -> None:
    """Mark the request, so that the answer clears what the browser keeps."""
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


def _subject_of(request: HttpRequest) -> DataSubject | None:
    user = request.user
    return user.subject if user.is_authenticated else None
