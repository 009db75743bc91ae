"""`countries`, `time-zones`: choices that are too many to send with every form."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.profiles.countries import all_zones
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.country_names import countries
from privacy.jurisdictions.time_zones import zones_in_order
from privacy.rest.conditional import answer_unless_known
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import field_problem
from privacy.rest.problems import INVALID
from privacy.rest.schema import CONDITIONAL, operation

TAG = "Registration"
# They change only with a new release of the portal.
KEPT_SECONDS = 86_400
COUNTRY = OpenApiParameter(
    "country", {"type": "string", "pattern": "^[A-Z]{2}$"}, description="The time zones of this country come first."
)


class Choice(serializers.Serializer):
    """A choice."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer


class ChoiceList(serializers.Serializer):
    """The choices, in the order in which to show them."""

    choices = Choice(many=True)


class Countries(Endpoint):
    """Countries and regions."""

    public = True

    @operation(
        "countries",
        "List countries and regions in the requested language",
        answers={200: ChoiceList, 304: None},
        parameters=CONDITIONAL,
        description="Cache one copy for each language, and revalidate it with `If-None-Match`.",
        public=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer in the order that readers of the language expect."""
        return _answer(request, countries(get_language() or "en"))


class TimeZones(Endpoint):
    """Time zones."""

    public = True

    @operation(
        "time_zones",
        "List time zones, those of a country first",
        answers={200: ChoiceList, 304: None},
        errors=[INVALID],
        parameters=[COUNTRY, *CONDITIONAL],
        description="Cache one copy for each country, and revalidate it with `If-None-Match`.",
        public=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with the names of IANA's database."""
        country = request.query_params.get("country", "")
        if country and not is_country(country):
            raise field_problem("country", "invalid_country", _("Use a two-letter country code, such as DE."))
        zones = dict.fromkeys([*zones_in_order(country), *all_zones()])
        return _answer(request, [(zone, zone.replace("_", " ")) for zone in zones])


def _answer(request: Request, choices: list[tuple[str, str]]) -> Response:
    body: dict[str, Any] = {"choices": [{"value": value, "label": str(label)} for value, label in choices]}
    return answer_unless_known(request, body, max_age=KEPT_SECONDS)
