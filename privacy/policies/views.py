"""Public pages of the policy: in force, each version, what changed, the operator's own file."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from privacy.jurisdictions.jurisdictions import Jurisdiction, UnknownJurisdiction, all_jurisdictions, get_jurisdiction
from privacy.policies.collected import collected_fields
from privacy.policies.differences import differences
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import (
    NoPolicyInForce,
    PolicyNotFound,
    find_version,
    published_versions,
    version_in_force,
    version_to_show,
)
from privacy.subjects.markers import open_at_the_gate


@open_at_the_gate
@require_safe
def policy_index(request: HttpRequest) -> HttpResponse:
    """List every jurisdiction with its policy in force."""
    policies = [(jurisdiction, _shown_or_none(request, jurisdiction)) for jurisdiction in all_jurisdictions().values()]
    return render(request, "privacy/policies/policy_index.html", {"policies": policies})


@open_at_the_gate
@require_safe
def policy_in_force(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """Show the policy in force, in the reader's language or the one requested by `?language=`."""
    declared = _jurisdiction_or_404(jurisdiction)
    version = _shown_or_none(request, declared)
    if version is None:
        return render(request, "privacy/policies/no_policy.html", {"jurisdiction": declared}, status=404)
    return _version_page(request, declared, version)


@open_at_the_gate
@require_safe
def policy_version(request: HttpRequest, jurisdiction: str, label: str) -> HttpResponse:
    """Show one published version, whether it is, was, or will be in force."""
    declared = _jurisdiction_or_404(jurisdiction)
    return _version_page(request, declared, _version_or_404(request, declared, label))


@open_at_the_gate
@require_safe
def policy_changes(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """Show what changed `?since=` one version, up to `&to=` another, by default the one in force."""
    declared = _jurisdiction_or_404(jurisdiction)
    since, to = request.GET.get("since", ""), request.GET.get("to", "")
    after = _version_or_404(request, declared, to) if to else _shown_or_none(request, declared)
    context: dict[str, Any] = {"jurisdiction": declared, "version": after, "since": since, "labels": _labels(declared)}
    if since and after:
        before = _version_or_404(request, declared, since)
        context |= {"before": before, "changes": differences(before, after)}
    return render(request, "privacy/policies/policy_changes.html", context)


@open_at_the_gate
@require_safe
def policy_original(request: HttpRequest, jurisdiction: str, label: str) -> HttpResponse:
    """Download the operator's document, byte for byte, as plain text that browsers do not run."""
    version = _version_or_404(request, _jurisdiction_or_404(jurisdiction), label)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=version.file_name),
        "X-Content-Type-Options": "nosniff",
    }
    original = bytes(version.original)
    encoding = "utf-16" if original.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    return HttpResponse(original, content_type=f"text/plain; charset={encoding}", headers=headers)


def _version_page(request: HttpRequest, jurisdiction: Jurisdiction, version: PolicyVersion) -> HttpResponse:
    context = {
        "jurisdiction": jurisdiction,
        "version": version,
        "state": _state(version),
        "versions": published_versions(jurisdiction.code),
        "collected": collected_fields(version),
    }
    return render(request, "privacy/policies/policy_version.html", context)


def _state(version: PolicyVersion) -> str:
    if not version.has_come_into_force:
        return "scheduled"
    return "in_force" if version == version_in_force(version.jurisdiction, version.language) else "replaced"


def _shown_or_none(request: HttpRequest, jurisdiction: Jurisdiction) -> PolicyVersion | None:
    with suppress(NoPolicyInForce):
        return version_in_force(jurisdiction.code, request.GET.get("language", ""))
    with suppress(NoPolicyInForce):
        return version_to_show(jurisdiction.code, get_language() or "en")
    return None


def _version_or_404(request: HttpRequest, jurisdiction: Jurisdiction, label: str) -> PolicyVersion:
    """Return the version in the requested language, else the reader's, else the one it was first published in."""
    for language in (request.GET.get("language"), get_language(), None):
        with suppress(PolicyNotFound):
            return find_version(jurisdiction.code, label, language)
    raise Http404(_("This policy has no version %(label)s.") % {"label": label})


def _labels(jurisdiction: Jurisdiction) -> list[str]:
    labels = published_versions(jurisdiction.code).values_list("label", flat=True)
    return list(dict.fromkeys(labels))


def _jurisdiction_or_404(code: str) -> Jurisdiction:
    try:
        return get_jurisdiction(code)
    except UnknownJurisdiction as error:
        raise Http404(str(error)) from None
