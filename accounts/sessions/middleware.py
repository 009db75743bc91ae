"""Finds the session of a request and its person."""

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
from accounts.tries.networks import network_of, prefixes_of
from privacy.rest.problems import NOT_SIGNED_IN, Problem
from privacy.rest.requests import is_rest
from privacy.subjects.models import DataSubject

# What a browser deletes at sign-out. Not "cookies": that would delete those of the whole registrable domain, and sign
# people out of its other sites. The session's own cookie is deleted separately.
LEFT_IN_BROWSER = '"cache", "storage"'
GetResponse = Callable[[HttpRequest], HttpResponse]
# The scheme in any case, then one blank or more (RFC 9110, 11.1 and 11.4).
_TOKEN = re.compile(rf"(?i:Bearer) +({TOKEN_PREFIX}[a-z0-9]{{{RANDOM_CHARACTERS}}})")


class SessionMiddleware(CookieSessionMiddleware):
    """Takes the session of a page from its cookie, and of an app from its token; neither works as the other.

    So another site cannot use an app's session, and an app needs no CSRF token.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not is_rest(request):
            super().process_request(request)
            return
        token = _TOKEN.fullmatch(request.headers.get("Authorization", ""))
        request.session = TokenStore(token[1] if token else None)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store the session where it changed; an app has its token from the endpoint."""
        if getattr(request, "signed_out", False):
            response["Clear-Site-Data"] = LEFT_IN_BROWSER
        if not is_rest(request):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Authorization",))
        response.cookies.clear()  # signing in changed the CSRF cookie of pages
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
    """Sets `data_subject` of each request, the signed-in person or None, its shortened `network` and the wider ones."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set them; the subject is read from the database on first use."""
        request.network = network_of(request)  # type: ignore[attr-defined]
        request.networks = prefixes_of(request.network)  # type: ignore[attr-defined]
        request.data_subject = SimpleLazyObject(lambda: _subject_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class LastUsedMiddleware:
    """Records the last use of a session every few minutes, which its owner sees."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note_use(request)
        return self.get_response(request)


class KnownDeviceMiddleware:
    """Sets the cookie of a known device after a first sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        set_device_cookie(request, response)
        return response


def _subject_of(request: HttpRequest) -> DataSubject | None:
    user = request.user
    return user.subject if user.is_authenticated else None
