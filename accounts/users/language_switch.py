"""Switches the language of a page with a long form, and keeps the typed values.

Such a page has a form `typed`, which the buttons of the languages send (`templates/_languages_of_form.html`). Its view
shows the form again in the other language, with the typed values, and does nothing else.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

View = Callable[..., HttpResponse]
CHOICE = "switch_language"


def switches_language(view: View) -> View:
    """Let a view answer in the language that its form requests, and remember that language."""

    @wraps(view)
    def switched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.POST.get(CHOICE, "")
        if language not in dict(settings.LANGUAGES):
            return view(request, *args, **kwargs)
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
        return response

    return switched


def is_switching_language(request: HttpRequest) -> bool:
    """Whether the form was sent only to switch the language."""
    return request.method == "POST" and CHOICE in request.POST
