"""Switches the language of a page; a signed-in person keeps it for other devices and for messages.

A page with a long form keeps the typed values: it has a form `typed`, which the buttons of the languages send
(`templates/_languages_of_form.html`). Its view shows the form again in the other language, with the typed values, and
does nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from privacy.operations.collecting import declared
from privacy.preferences.preferences import supported_language

View = Callable[..., HttpResponse]
CHOICE = "switch_language"


@dataclass(frozen=True)
class LanguageKeeper:
    """A function that keeps the language that the signed-in person of a request chose; `accounts` declares it."""

    keep: Callable[[HttpRequest, str], None]


def switches_language(view: View) -> View:
    """Let a view answer in the language that its form requests, and remember that language."""

    @wraps(view)
    def switched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = supported_language(request.POST.get(CHOICE))
        if not language:
            return view(request, *args, **kwargs)
        use_language(request, language)
        if request.user.is_authenticated:
            for each in declared(LanguageKeeper):
                each.keep(request, language)
        return with_language_cookie(view(request, *args, **kwargs), language)

    return switched


def is_switching_language(request: HttpRequest) -> bool:
    """Whether the form was sent only to switch the language."""
    return request.method == "POST" and CHOICE in request.POST


def use_language(request: HttpRequest, language: str) -> None:
    """Answer this request in a language."""
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]


def with_language_cookie(response: HttpResponse, language: str) -> HttpResponse:
    """Return an answer with the cookie by which the browser keeps a language, for pages without a signed-in person."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
