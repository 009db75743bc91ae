"""Middleware for all pages: headers, probes, HTTPS for apps, invalid URLs, maintenance mode."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.utils.cache import add_never_cache_headers

from portal.operations.metrics import metrics
from portal.web.error_pages import page_without_database
from portal.web.health import healthz, readyz
from portal.web.robots import ROBOTS_TAG, may_be_listed
from privacy.journal.maintenance import in_maintenance
from privacy.rest.problems import HTTPS_REQUIRED, MAINTENANCE, Problem
from privacy.rest.requests import is_rest

# URLs of probes: they are answered before all checks.
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}
RETRY_SECONDS = 120
# Attributes of django-csp's decorators on an answer with its own policy.
_OWN_POLICY = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")


class PolicyMiddleware(CSPMiddleware):
    """Builds the Content-Security-Policy once: few answers have their own."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Put the policy on an answer."""
        if HEADER in response or any(hasattr(response, name) for name in _OWN_POLICY):
            return super().process_response(request, response)
        response[HEADER] = _policy()
        return response


class HeadersMiddleware(SecurityMiddleware):
    """Puts the headers of Django's `SecurityMiddleware` on every answer, also on those of the middleware inside it.

    It is outside of all middleware that may refuse a request: bad host, redirect to HTTPS, maintenance mode. It also
    tells search engines what not to list.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Put the headers on an answer."""
        if not may_be_listed(request, response):
            response.headers.setdefault(ROBOTS_TAG, "noindex")
        if _stays_in_history(response):
            # Nothing but the browser's Back uses the stored page. With `Vary` it could not after the language, which is
            # a cookie, changed: it would ask to send the form again.
            del response["Vary"]
        return super().process_response(request, response)

    def process_request(self, request: HttpRequest) -> None:
        """Do not redirect: Django's own middleware, further in, does."""


class ProbeMiddleware:
    """Answers health checks and the scraper before the host is checked: a probe sends an IP address as host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


class AppsByHttpsMiddleware:
    """Refuses an app's request by HTTP: with a redirect, it would send its token unencrypted each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not is_rest(request):
            return self.get_response(request)
        request.get_host()  # refuses an unknown host
        return Problem(HTTPS_REQUIRED).response()


class NulMiddleware:
    """Refuses a URL with a NUL character, which PostgreSQL's text cannot hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a NUL character.")
        return self.get_response(request)


class MaintenanceMiddleware:
    """Answers 503 while a restored portal is in maintenance mode: until all recorded erasures are replayed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not in_maintenance():
            return self.get_response(request)
        if not is_rest(request):
            return page_without_database(request, "503.html", HTTPStatus.SERVICE_UNAVAILABLE, retry_after=RETRY_SECONDS)
        response = Problem(MAINTENANCE).response()
        response["Retry-After"] = str(RETRY_SECONDS)
        add_never_cache_headers(response)
        return response


def _stays_in_history(response: HttpResponse) -> bool:
    """Whether only this browser stores the page, and asks again at each visit: the steps of a registration."""
    directives = {directive.strip() for directive in response.get("Cache-Control", "").split(",")}
    return {"private", "no-cache"} <= directives and "no-store" not in directives


@cache
def _policy() -> str:
    return str(build_policy())
