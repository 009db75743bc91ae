"""Public pages of the policy: in force, each version, what changed, the operator's own file."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from privacy.inventory.country_of_person import country_of
from privacy.inventory.kinds import kind_of
from privacy.jurisdictions.jurisdictions import Jurisdiction, UnknownJurisdiction, all_jurisdictions, get_jurisdiction
from privacy.policies.collected import collected_fields
from privacy.policies.differences import Differences, differences
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import (
    NoPolicyInForce,
    PolicyNotFound,
    find_version,
    published_versions,
    version_in_force,
    version_to_show,
)
from privacy.policies.sections import divided
from privacy.policies.summary import PolicySummary, summary_of
from privacy.subjects.markers import open_at_the_gate
from privacy.subjects.models import DataSubject


@open_at_the_gate
@require_safe
def policy_index(request: HttpRequest) -> HttpResponse:
    """List every jurisdiction with its policy in force."""
    policies = [(jurisdiction, _shown_or_none(request, jurisdiction)) for jurisdiction in all_jurisdictions().values()]
    context = {"policies": policies, "own": subject.jurisdiction if (subject := _subject_of(request)) else ""}
    return render(request, "privacy/policies/policy_index.html", context)


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
    labels = [label for label in _labels(declared) if not after or label != after.label]
    context: dict[str, Any] = {"jurisdiction": declared, "version": after, "since": since, "labels": labels}
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
    subject = _subject_of(request)
    accepted = _accepted(subject, version)
    versions = list(published_versions(jurisdiction.code))
    context = {
        "jurisdiction": jurisdiction,
        "version": version,
        "state": _state(version),
        "summary": _summary(subject, jurisdiction, version),
        "text": divided(version),
        "is_accepted": accepted is not None and accepted.label == version.label,
        "since_accepted": _changes_since(accepted, version),
        "versions": versions,
        "readers_text": _readers_text(version, versions),
        "collected": collected_fields(version),
    }
    return render(request, "privacy/policies/policy_version.html", context)


def _summary(subject: DataSubject | None, jurisdiction: Jurisdiction, version: PolicyVersion) -> PolicySummary:
    """Return the summary, for the reader's kind of registration and country where the policy is that of the reader."""
    if not subject:
        return summary_of(None, jurisdiction, version)
    country = country_of(subject.pk) if subject.jurisdiction == jurisdiction.code else None
    return summary_of(kind_of(subject.pk), jurisdiction, version, country)


def _subject_of(request: HttpRequest) -> DataSubject | None:
    """Return who is signed in, or None."""
    return getattr(request, "data_subject", None)


def _accepted(subject: DataSubject | None, version: PolicyVersion) -> PolicyVersion | None:
    """Return the version of this policy that the reader accepted last, in the language shown where it has one."""
    pk = getattr(subject, "accepted_version", None)  # read with the session
    found = published_versions(version.jurisdiction).filter(pk=pk).first() if pk else None
    with suppress(PolicyNotFound):
        return find_version(found.jurisdiction, found.label, version.language) if found else None
    return found


def _changes_since(accepted: PolicyVersion | None, version: PolicyVersion) -> Differences | None:
    """Return what changed since an older version that the reader accepted, or None."""
    if accepted is None or accepted.label == version.label:
        return None
    is_older = accepted.in_force_from and version.in_force_from and accepted.in_force_from < version.in_force_from
    return differences(accepted, version) if is_older else None


def _readers_text(version: PolicyVersion, versions: Iterable[PolicyVersion]) -> PolicyVersion | None:
    """Return the text of the same label in the reader's language, if there is one."""
    same = (other for other in versions if other.label == version.label)
    return next((other for other in same if other.language == get_language()), None)


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
