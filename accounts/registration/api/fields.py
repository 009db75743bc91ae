"""`fields`: the fields of the form, with all that an app needs to show it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.profiles.fields import CountryField, TimeZoneField, form_field
from accounts.registration.api.long_lists import Choice
from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.purposes import optional_purposes
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.jurisdictions import Jurisdiction, jurisdiction_of_country, other_site
from privacy.policies.citations import cited_clauses
from privacy.policies.queries import NoPolicyInForce, version_to_show
from privacy.policies.topics import field_topic
from privacy.rest.conditional import answer_unless_known
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import INVALID, Problem, field_error
from privacy.rest.schema import CONDITIONAL, operation

TAG = "Registration"


class FieldToAsk(serializers.Serializer):
    """A field of the form."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    why = serializers.CharField(help_text="Why we ask. Show it beside the field.")
    without = serializers.CharField(help_text="What happens without this field.")
    clause = serializers.CharField(
        allow_null=True,
        help_text="The clause of the policy in force that names the field. Null without a country or clause.",
    )
    purpose = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a member of the answer
    sensitive = serializers.BooleanField(help_text="Show its label in bold and underlined.")
    type = serializers.ChoiceField(["text", "long_text", "password", "phone", "email", "date", "choice"])
    max_length = serializers.IntegerField(allow_null=True)
    autocomplete = serializers.CharField(allow_blank=True, help_text="The token of HTML's autocomplete.")
    choices = Choice(
        many=True,
        help_text="For `choice`: the choices, if there are few. For `date`: values allowed instead of a date.",
    )
    choices_url = serializers.CharField(
        allow_null=True, help_text="The address of a long list of choices in the requested language. You can cache it."
    )


class PurposeToAsk(serializers.Serializer):
    """An optional purpose. Off until the person turns it on."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    description = serializers.CharField()


class FieldsToAsk(serializers.Serializer):
    """The form: its fields, choices and purposes."""

    kind = serializers.ChoiceField([kind.value for kind in Kind])
    country = serializers.CharField(allow_blank=True)
    jurisdiction = serializers.CharField(allow_null=True, help_text="Null until a country is given.")
    stored_here = serializers.BooleanField(
        allow_null=True,
        help_text="Whether people from this country register at this site. Null until a country is given.",
    )
    site = serializers.CharField(
        allow_null=True, help_text="Where people from this country register, if it is another known site."
    )
    age = serializers.IntegerField(
        allow_null=True,
        help_text="The age from which a person may consent without a guardian there. Null until a country is given.",
    )
    fields = FieldToAsk(many=True)  # type: ignore[assignment]  # a member of the answer
    purposes = PurposeToAsk(many=True)


class Fields(Endpoint):
    """What to ask."""

    public = True

    @operation(
        "fields",
        "List the fields of a registration: label, reason, and what happens without each",
        answers={200: FieldsToAsk, 304: None},
        errors=[INVALID],
        parameters=[
            OpenApiParameter("kind", str, required=True, enum=[kind.value for kind in Kind]),
            OpenApiParameter(
                "country", {"type": "string", "pattern": "^[A-Z]{2}$"}, description="Decides which fields are required."
            ),
            *CONDITIONAL,
        ],
        public=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer in the asked language."""
        kind, country = request.query_params.get("kind", ""), request.query_params.get("country", "")
        errors: dict[str, list[dict[str, str]]] = {}
        if kind not in list(Kind):
            errors["kind"] = [field_error("invalid_choice", _("Use `individual` or `enterprise`."))]
        if country and not is_country(country):
            errors["country"] = [field_error("invalid_country", _("Use a two-letter country code, such as DE."))]
        if errors:
            raise Problem(INVALID, errors=errors)
        jurisdiction = jurisdiction_of_country(country) if country else None
        cited = _cited(jurisdiction)
        return answer_unless_known(
            request,
            {
                "kind": kind,
                "country": country,
                "jurisdiction": jurisdiction.code if jurisdiction else None,
                "stored_here": jurisdiction.is_stored_here if jurisdiction else None,
                "site": other_site(jurisdiction) if jurisdiction else None,
                "age": get_country(country).age if country else None,
                "fields": [_field(declared, kind, country, cited) for declared in fields_for(kind)],
                "purposes": [
                    {"key": purpose.key, "label": str(purpose.label), "description": str(purpose.description)}
                    for purpose in optional_purposes()
                ],
            },
        )


def _cited(jurisdiction: Jurisdiction | None) -> Mapping[str, str]:
    """Return the clauses of the shown policy by topic; empty where no policy is in force."""
    if jurisdiction is None:
        return {}
    try:
        return cited_clauses(version_to_show(jurisdiction.code, get_language() or "en"))
    except NoPolicyInForce:
        return {}


def _field(declared: PersonalField, kind: str, country: str, cited: Mapping[str, str]) -> dict[str, Any]:
    field = form_field(declared, kind=kind, country=country)
    return {
        "key": declared.key,
        "label": str(declared.label),
        "why": str(declared.why),
        "without": str(declared.without),
        "clause": cited.get(field_topic(declared, Kind(kind))),
        "purpose": declared.purpose,
        "required": field.required,
        "sensitive": declared.sensitive,
        "type": _type(field),
        "max_length": None if isinstance(field, forms.ChoiceField | forms.DateField) else declared.max_length,
        "autocomplete": field.widget.attrs.get("autocomplete", ""),
        "choices": [
            {"value": str(value), "label": str(label)} for value, label in getattr(field, "choices", []) if value
        ],
        "choices_url": _choices_url(field, country),
    }


def _type(field: forms.Field) -> str:
    match field:
        case forms.ChoiceField():
            return "choice"
        case forms.DateField():
            return "date"
        case forms.Field(widget=forms.Textarea()):
            return "long_text"
    kind = getattr(field.widget, "input_type", "text")
    return {"tel": "phone", "email": "email", "password": "password"}.get(kind, "text")


def _choices_url(field: forms.Field, country: str) -> str | None:
    match field:
        case CountryField():
            return reverse("rest_countries")
        case TimeZoneField():
            return reverse("rest_time_zones") + (f"?country={country}" if country else "")
    return None
