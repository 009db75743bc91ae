"""Through which door a request came."""

from django.http import HttpRequest

PREFIX = "/api/"


def is_rest(request: HttpRequest) -> bool:
    """Whether a request came through the REST door: it is answered in JSON, and signed in by its token only."""
    return request.path_info.startswith(PREFIX)
