"""`policies/`: the text in force for a country, each version, what changed."""

from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.jurisdictions.countries import get_country, highest_age
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.jurisdictions import (
    Jurisdiction,
    NotStoredHere,
    all_jurisdictions,
    get_jurisdiction,
    jurisdiction_of_country,
    other_site,
    require_stored_here,
)
from privacy.policies.differences import ClauseChange, differences
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import NoPolicyInForce, PolicyNotFound, find_version, version_to_show
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with, field_problem
from privacy.rest.problems import INVALID, NOT_FOUND, Problem, problem_type
from privacy.rest.schema import operation

STORED_ELSEWHERE = problem_type(
    "stored_elsewhere",
    421,
    _(
        "Data from this country is stored at another site. See `site`, and `controller` for the company "
        "that is responsible."
    ),
)
answer_with(NotStoredHere, lambda error: stored_elsewhere(error.jurisdiction))
answer_with(NoPolicyInForce, lambda _error: Problem(NOT_FOUND))
answer_with(PolicyNotFound, lambda _error: Problem(NOT_FOUND))

LANGUAGE = OpenApiParameter(
    "language",
    str,
    description="The language of the text. By default the requested language, if the text exists in it.",
)
JURISDICTION = OpenApiParameter(
    "jurisdiction",
    str,
    OpenApiParameter.PATH,
    enum=list(all_jurisdictions()),
    description="The jurisdiction of the policy.",
)
VERSION = OpenApiParameter("version", str, OpenApiParameter.PATH, description="The version's label, such as 2026-09.")


class ControllerShown(serializers.Serializer):
    """The company that is responsible for the data (the controller)."""

    name = serializers.CharField()
    address = serializers.CharField()
    email = serializers.CharField()


class Policy(serializers.Serializer):
    """A version of the policy in one language."""

    jurisdiction = serializers.CharField()
    version = serializers.CharField()
    language = serializers.CharField()
    title = serializers.CharField()
    html = serializers.CharField(help_text="The text to show, sanitised. Do not change it.")
    digest = serializers.CharField(help_text="The SHA-256 of `html` in UTF-8. Send it when the person agrees.")
    material = serializers.BooleanField(help_text="Whether everyone was asked to agree again.")
    in_force_from = serializers.DateTimeField()
    controller = ControllerShown()
    storage_country = serializers.CharField(help_text="Where data is stored (ISO 3166-1).")
    stored_here = serializers.BooleanField(help_text="Whether people from this jurisdiction register at this site.")
    site = serializers.CharField(
        allow_null=True, help_text="Where people from this jurisdiction register, if it is another known site."
    )
    age = serializers.IntegerField(
        help_text="The age from which a person may consent without a guardian in the country that was asked for. "
        "Without one, the highest age of the jurisdiction's countries; `fields` has that of each."
    )


class ChangedWords(serializers.Serializer):
    """Part of the text of a changed clause."""

    kind = serializers.ChoiceField(["same", "ins", "del"])
    text = serializers.CharField(allow_blank=True)


class ChangeShown(serializers.Serializer):
    """A clause that changed."""

    kind = serializers.ChoiceField(["added", "removed", "changed", "moved"])
    anchor = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    heading = serializers.CharField(allow_blank=True)
    words = ChangedWords(many=True)


class PolicyChanges(serializers.Serializer):
    """The differences between two versions."""

    since = serializers.CharField()
    version = serializers.CharField()
    comparable = serializers.BooleanField(help_text="False if the two texts are in different languages.")
    unchanged = serializers.IntegerField(help_text="How many clauses did not change.")
    changes = ChangeShown(many=True)


class CurrentPolicy(Endpoint):
    """The policy in force."""

    public = True

    @operation(
        "policy_current",
        "Get the policy in force for a country",
        answers={200: Policy},
        errors=[NOT_FOUND, INVALID, STORED_ELSEWHERE],
        parameters=[
            OpenApiParameter(
                "country", {"type": "string", "pattern": "^[A-Z]{2}$"}, required=True, description="ISO 3166-1 alpha-2."
            )
        ],
        public=True,
        tag="Policies",
    )
    def get(self, request: Request) -> Response:
        """Answer with the text in the asked language, where it exists in that language."""
        country = request.query_params.get("country", "")
        if not is_country(country):
            raise field_problem("country", "invalid_country", _("Use a two-letter country code, such as DE."))
        jurisdiction = jurisdiction_of_country(country)
        try:
            version = version_to_show(jurisdiction.code, get_language() or "en")
        except NoPolicyInForce:
            require_stored_here(jurisdiction)
            raise
        return Response(present_version(version, jurisdiction, country))


class PolicyText(Endpoint):
    """One published version."""

    public = True

    @operation(
        "policy_version",
        "Get a published version of a policy",
        answers={200: Policy},
        errors=[NOT_FOUND],
        parameters=[JURISDICTION, VERSION, LANGUAGE],
        public=True,
        tag="Policies",
    )
    def get(self, request: Request, jurisdiction: str, version: str) -> Response:
        """Answer with the text."""
        return Response(present_version(_version(request, jurisdiction, version), get_jurisdiction(jurisdiction)))


class PolicyDifferences(Endpoint):
    """What changed up to a version."""

    public = True

    @operation(
        "policy_changes",
        "Compare two versions of a policy, clause by clause",
        answers={200: PolicyChanges},
        errors=[NOT_FOUND, INVALID],
        parameters=[
            JURISDICTION,
            VERSION,
            LANGUAGE,
            OpenApiParameter("since", str, required=True, description="The label of the earlier version."),
        ],
        public=True,
        tag="Policies",
    )
    def get(self, request: Request, jurisdiction: str, version: str) -> Response:
        """Answer with the changes in reading order."""
        since = request.query_params.get("since", "")
        if not since:
            raise field_problem("since", "required", _("Enter the version to compare with, such as 2025-01."))
        found = differences(_version(request, jurisdiction, since), _version(request, jurisdiction, version))
        return Response(
            {
                "since": since,
                "version": version,
                "comparable": found.is_comparable,
                "unchanged": found.unchanged,
                "changes": [_change(change) for change in found.changes],
            }
        )


def present_version(version: PolicyVersion, jurisdiction: Jurisdiction, country: str = "") -> dict[str, Any]:
    """Return a text as REST shows it, with the age of a country of the jurisdiction where that is known."""
    return {
        "jurisdiction": version.jurisdiction,
        "version": version.label,
        "language": version.language,
        "title": version.title,
        "html": version.html,
        "digest": version.digest,
        "material": bool(version.material),
        "in_force_from": version.in_force_from,
        "controller": _controller(jurisdiction),
        "storage_country": jurisdiction.storage_country,
        "stored_here": jurisdiction.is_stored_here,
        "site": other_site(jurisdiction),
        "age": get_country(country).age if country else highest_age(jurisdiction),
    }


def stored_elsewhere(jurisdiction: Jurisdiction) -> Problem:
    """Return the problem of a request about people whose data another site stores."""
    return Problem(
        STORED_ELSEWHERE,
        site=other_site(jurisdiction),
        jurisdiction=jurisdiction.code,
        controller=_controller(jurisdiction),
    )


def _controller(jurisdiction: Jurisdiction) -> dict[str, str]:
    controller = jurisdiction.controller
    return {"name": str(controller.name), "address": str(controller.address), "email": controller.email}


def _version(request: Request, jurisdiction: str, label: str) -> PolicyVersion:
    """The version in the requested language, else the reader's, else the one it was first published in."""
    if jurisdiction not in all_jurisdictions():
        raise Http404
    for language in (request.query_params.get("language"), get_language()):
        try:
            return find_version(jurisdiction, label, language or "")
        except PolicyNotFound:
            continue
    return find_version(jurisdiction, label)


def _change(change: ClauseChange) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "anchor": change.clause.anchor,
        "number": change.clause.number,
        "heading": change.clause.heading,
        "words": [{"kind": span.kind, "text": span.text} for span in change.spans],
    }
