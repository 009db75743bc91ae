"""What goes wrong outside a view, answered in the form of the door it came through."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from privacy.rest.doors import is_rest
from privacy.rest.problems import BAD_REQUEST, INTERNAL, Problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return Problem(BAD_REQUEST).response() if is_rest(request) else defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return Problem(INTERNAL).response() if is_rest(request) else defaults.server_error(request)
