"""Counts requests against limits, and requires proof of work."""

import datetime as dt
import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.tries.limits import LIMITS, RateLimited, consume
from accounts.tries.networks import network_of
from accounts.tries.proof_of_work import challenge, has_waited, is_needed, is_proved
from accounts.users.language_switch import is_switching_language
from privacy.rest.problems import RATE_LIMITED, Problem
from privacy.rest.requests import is_rest
from privacy.subjects.markers import limit_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class RateLimitMiddleware:
    """Counts requests to views that are marked `limited`, and answers 429 with the time of the next try at a limit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Count the request by its person, else by its network, before any transaction."""
        action = limit_of(view, request.method or "")
        if not action:
            return None
        try:
            # A view for signed-in people itself refuses others.
            consume(action, **{name: value for name, value in _caller(request).items() if name in LIMITS[action]})
        except RateLimited as limited:
            return _too_many(request, limited)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer `RateLimited` with its page."""
        return _too_many(request, exception) if isinstance(exception, RateLimited) else None


def _caller(request: HttpRequest) -> dict[str, str]:
    if request.user.is_authenticated:
        return {"person": str(request.user.pk)}
    return {"network": network_of(request)}


def _too_many(request: HttpRequest, limited: RateLimited) -> HttpResponse:
    headers = {"Retry-After": str(limited.retry_after)}
    if is_rest(request):
        return Problem(RATE_LIMITED, headers=headers).response()
    again_at = timezone.now() + dt.timedelta(seconds=limited.retry_after)
    context = {"minutes": math.ceil(limited.retry_after / 60), "again_at": again_at}
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = headers["Retry-After"]
    return response


HEADER, FIELD = "Proof-Of-Work", "proof_of_work"
# A registration's field holds a number, whatever it looks like.
REGISTRATIONS = ("register_individual", "register_enterprise")
REQUESTS = "requests"
# Pages with their field of a phone number, and endpoints.
PAGES = {
    **dict.fromkeys(REGISTRATIONS, "phone"),
    "recover": "login",
    "sign_in_code": "login",
    REQUESTS: "contact",
}
ENDPOINTS = {
    "rest_register_individual",
    "rest_register_enterprise",
    "rest_sign_in_code",
    "rest_recover",
    "rest_requests",
}


class ProofOfWorkMiddleware:
    """With `PROOF_OF_WORK=on`, requires a proof for such a form from an unknown network."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer with a challenge where a proof is missing; a page that is shown gets its challenge in advance.

        An endpoint calls `require_proof` instead, so that one answer has all errors.
        """
        name = request.resolver_match.url_name if request.resolver_match else None
        if name not in ENDPOINTS | PAGES.keys() or not is_needed(request):
            return None
        request.proof_of_work = challenge(request)  # type: ignore[attr-defined]
        if request.method != "POST" or not _sends_sms(request, str(name)):
            return None
        if is_proved(request, request.headers.get(HEADER, "") or request.POST.get(FIELD, "")):
            return None
        if is_rest(request):
            request.unproved_challenge = request.proof_of_work  # type: ignore[attr-defined]
            return None
        if has_waited(request):
            return None
        return render(request, "accounts/tries/proof_of_work.html", status=HTTPStatus.FORBIDDEN)


def _sends_sms(request: HttpRequest, name: str) -> bool:
    """Whether a form sends an SMS; always True for an app's body, which is not read."""
    if name in ENDPOINTS:
        return True
    typed = request.POST.get(PAGES[name], "")
    if name in (*REGISTRATIONS, REQUESTS) and is_switching_language(request):
        return False
    if name in REGISTRATIONS:
        # `step` comes with a form that only leads to another step (`accounts.registration.steps`).
        return bool(typed.strip()) and "step" not in request.POST
    return bool(typed.strip()) and "@" not in typed
