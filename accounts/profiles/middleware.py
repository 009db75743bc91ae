"""Shows dates in the person's own time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.profiles.time_zones import time_zone_of


class TimeZoneMiddleware:
    """Activates the time zone of the signed-in person for one request; UTC for all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(time_zone_of(request) or None):
            return self.get_response(request)
