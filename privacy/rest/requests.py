"""The interface of a request."""

from django.http import HttpRequest

PREFIX = "/api/"


def is_rest(request: HttpRequest) -> bool:
    """Whether a request belongs to the REST interface: answered in JSON, and authenticated by its token only."""
    return request.path_info.startswith(PREFIX)
