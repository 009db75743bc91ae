"""`me/requirements`: what a service needs besides what I gave, and why."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requirements.queries import Held, held_by, missing_for, page_of_service, services_of
from privacy.inventory.offered_services import Missing, Service, State, What
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import NOT_FOUND, Problem
from privacy.rest.schema import operation

FOR = OpenApiParameter("for", str, description="The key of one service, such as `product_news`. Unknown: 404.")


class HowShown(serializers.Serializer):
    """Where a missing thing is given."""

    page = serializers.CharField(help_text="The address of the page, for a browser.")
    call = serializers.CharField(help_text="The method and the path of the endpoint, for an app.")


class MissingShown(serializers.Serializer):
    """One thing that is missing."""

    kind = serializers.ChoiceField([what.value for what in What])
    field = serializers.CharField(allow_null=True, help_text="The key of the field. Null for the licence.")
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    why = serializers.CharField(help_text="Why we ask for it.")
    state = serializers.ChoiceField(
        [state.value for state in State],
        help_text="`to_verify`: it was given, and a code verifies it. `in_review`: staff look at it.",
    )
    how = HowShown()


class ServiceShown(serializers.Serializer):
    """A service, and what it needs besides."""

    service = serializers.CharField(help_text="Its key; stable, for programs.")
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    about = serializers.CharField(help_text="What it is.")
    is_met = serializers.BooleanField(help_text="True if nothing is missing.")
    missing = MissingShown(many=True)


class RequirementsShown(serializers.Serializer):
    """With `for`, one service; without it, `services` alone."""

    service = serializers.CharField(required=False)
    label = serializers.CharField(required=False)  # type: ignore[assignment]  # a member of the answer
    about = serializers.CharField(required=False)
    is_met = serializers.BooleanField(required=False)
    missing = MissingShown(many=True, required=False)
    services = ServiceShown(many=True, required=False)


class MyRequirements(Endpoint):
    """`me/requirements`."""

    readable_at_the_gate = True

    @operation(
        "requirements",
        "What services need besides what I gave",
        answers={200: RequirementsShown},
        errors=[NOT_FOUND],
        parameters=[FOR],
        description=(
            "With `for`, what one service needs. Without it, `services` lists those that this kind of registration can "
            "have. Staff have no profile: 404."
        ),
        at_the_gate=True,
        tag="Me",
    )
    def get(self, request: Request) -> Response:
        """Answer for one service, or for all."""
        held, key = held_by(self.subject.pk), request.query_params.get("for")
        if held.profile is None:
            raise Problem(NOT_FOUND)
        if key is None:
            return Response(RequirementsShown({"services": [_shown(each, held) for each in services_of(held)]}).data)
        found = next((service for service in services_of(held) if service.key == key), None)
        if found is None:
            raise Problem(NOT_FOUND)
        return Response(RequirementsShown(_shown(found, held)).data)


def _shown(service: Service, held: Held) -> dict[str, Any]:
    missing = missing_for(service, held)
    return {
        "service": service.key,
        "label": service.label,
        "about": service.about,
        "is_met": not missing,
        "missing": [_missing_shown(each, service) for each in missing],
    }


def _missing_shown(missing: Missing, service: Service) -> dict[str, Any]:
    page = missing.page or page_of_service(service.key, "")
    return {
        "kind": missing.what.value,
        "field": missing.key or None,
        "label": missing.label,
        "why": missing.why,
        "state": missing.state.value,
        "how": {"page": f"{settings.SITE_URL}{page}", "call": missing.call},
    }
