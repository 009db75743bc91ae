"""A mark in a browser in which somebody said that they are below the age: a signed cookie that names no one.

As long as it is there, the browser cannot answer the age question again, nor agree as the guardian.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from privacy.guardians.queries import ASK_FOR

SALT, MARK = "privacy.guardians.browser", "below"


def mark_browser(response: HttpResponse) -> None:
    """Put the mark into the browser, for as long as a guardian may answer."""
    response.set_signed_cookie(
        settings.AGE_COOKIE_NAME,
        MARK,
        salt=SALT,
        max_age=ASK_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_marked(request: HttpRequest) -> bool:
    """Whether somebody said in this browser that they are below the age."""
    return request.get_signed_cookie(settings.AGE_COOKIE_NAME, default="", salt=SALT, max_age=ASK_FOR) == MARK
