"""Shows dates in the person's own time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.profiles.queries import profile_of

# Kept in the sealed session, so that a page need not open the profile for it.
SESSION_KEY = "time_zone"


class TimeZoneMiddleware:
    """Activates the time zone of the signed-in person for one request; everybody else sees UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request in its person's time zone."""
        with timezone.override(_time_zone(request) or None):
            return self.get_response(request)


def _time_zone(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return ""
    if SESSION_KEY not in request.session:
        profile = profile_of(request.user.subject_id)
        request.session[SESSION_KEY] = (profile.time_zone if profile else "") or ""
    return str(request.session[SESSION_KEY])
