"""What no page should have to think of."""

from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from portal.operations.metrics import metrics
from portal.web.health import healthz, readyz
from privacy.journal.maintenance import in_maintenance
from privacy.rest.problems import HTTPS_REQUIRED, MAINTENANCE, Problem
from privacy.rest.requests import is_rest

# What monitors ask for: they get an answer whatever does not work.
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}
RETRY_SECONDS = 120
# What django-csp's decorators leave on an answer that has a policy of its own.
_OWN_POLICY = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")


class PolicyMiddleware(CSPMiddleware):
    """Builds the Content-Security-Policy once: only few answers have one of their own."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Put the policy on an answer."""
        if HEADER in response or any(hasattr(response, name) for name in _OWN_POLICY):
            return super().process_response(request, response)
        response[HEADER] = _policy()
        return response


class HeadersMiddleware(SecurityMiddleware):
    """Puts the headers of Django's `SecurityMiddleware` on every answer, also those that it gives itself.

    It stands outside of everything that may refuse a request: a bad host, a redirect to HTTPS, maintenance.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Redirect nobody: Django's own, further in, does it."""


class ProbeMiddleware:
    """Answers health checks and the scraper before the host is checked: a probe sends the address that it asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass the request on."""
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


class AppsByHttpsMiddleware:
    """Refuses an app's request by HTTP: redirected as pages are, it would send its token unencrypted each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 403, or pass the request on."""
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not is_rest(request):
            return self.get_response(request)
        request.get_host()  # an unknown host is refused as ever
        return Problem(HTTPS_REQUIRED).response()


class NulMiddleware:
    """Refuses an address with a NUL character: no link has one, and PostgreSQL's text takes none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400, or pass the request on."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a NUL character.")
        return self.get_response(request)


class MaintenanceMiddleware:
    """Answers 503 while a restored portal is in maintenance mode: until all recorded erasures are replayed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 503, or pass the request on."""
        if not in_maintenance():
            return self.get_response(request)
        response = Problem(MAINTENANCE).response() if is_rest(request) else render(request, "503.html", status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        add_never_cache_headers(response)
        return response


@cache
def _policy() -> str:
    return str(build_policy())
