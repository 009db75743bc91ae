"""The consent gate: after a material change of the policy, using and changing data waits for the person's answer.

Until then the person can see their data, secure their account, take a copy, withdraw and cancel.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from privacy.consent.queries import has_unanswered_changes, latest_consent
from privacy.policies.queries import version_to_show
from privacy.rest.problems import CONSENT_REQUIRED, Problem
from privacy.rest.requests import is_rest
from privacy.subjects.markers import is_open_at_the_gate
from privacy.subjects.models import DataSubject


class ConsentGateMiddleware:
    """Sends a signed-in person to the gate until they answer; marked views stay open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the view decides, in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Let the view through unless a material change waits for an answer."""
        if is_open_at_the_gate(view, request.method or ""):
            return None
        subject = request.data_subject  # type: ignore[attr-defined]
        if not subject or not has_unanswered_changes(subject):
            return None
        return _consent_required(subject).response() if is_rest(request) else redirect("consent_gate")


def _consent_required(subject: DataSubject) -> Problem:
    """Return the problem that names the text to accept, and where its changes are listed."""
    waiting = version_to_show(subject.jurisdiction, get_language() or "en")
    latest = latest_consent(subject.pk)
    changes = reverse("rest_policy_changes", args=[waiting.jurisdiction, waiting.label])
    return Problem(
        CONSENT_REQUIRED,
        version=waiting.label,
        digest=waiting.digest,
        language=waiting.language,
        changes=f"{changes}?since={quote(latest.version.label)}" if latest else changes,
    )
