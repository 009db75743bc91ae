"""The gate: after a material change of the policy, nothing but answering it (3.5.2)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from privacy.consent.queries import unanswered_changes


class ConsentGateMiddleware:
    """Sends a signed-in person to the gate until they answered; views marked `open_at_the_gate` stay open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the view decides, in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Let the view through unless a material change waits for an answer."""
        if getattr(view, "open_at_the_gate", False):
            return None
        subject = request.data_subject  # type: ignore[attr-defined]
        if not subject or not unanswered_changes(subject.pk).exists():
            return None
        return redirect("consent_gate")
