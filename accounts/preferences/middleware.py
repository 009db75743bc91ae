"""Answers signed-in people in the language and time format that they chose."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.users.language_switch import use_language
from privacy.preferences.preferences import supported_language
from privacy.preferences.time_format import time_format_of_reader
from privacy.rest.requests import is_rest


class PreferencesMiddleware:
    """Uses the choices of the signed-in person; an app asks for its language itself, by `Accept-Language`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_rest(request) or not request.user.is_authenticated:
            return self.get_response(request)
        if language := supported_language(request.user.language):
            use_language(request, language)
        with time_format_of_reader(request.user.time_format):
            return self.get_response(request)
