"""`fields` and `registrations/`: what to ask, and register whoever answers."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.profiles.api import member
from accounts.profiles.countries import is_country
from accounts.profiles.fields import form_field
from accounts.registration.forms import RegistrationForm
from accounts.registration.services import Agreement, SubmissionUsed, register
from accounts.sign_in.api.answers import SIGN_IN_EXAMPLE, SignIn, sign_in_answer
from accounts.sign_in.entry import enter
from accounts.sign_in.limits import consume
from accounts.sign_in.networks import network_of
from privacy.consent.api import POLICY_NOT_IN_FORCE
from privacy.consent.services import Channel
from privacy.jurisdictions.jurisdictions import NotStoredHere, jurisdiction_of_country, require_stored_here
from privacy.policies.queries import version_to_show
from privacy.register.declarations import Kind, PersonalField
from privacy.register.purposes import OPTIONAL_KEYS, optional_purposes
from privacy.register.register import fields_for
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with, field_problem, form_problem
from privacy.rest.problems import INVALID, NOT_FOUND, RATE_LIMITED, Problem, problem_type
from privacy.rest.retries import submission_of
from privacy.rest.schema import operation

TAG = "Registration"
STORED_ELSEWHERE = problem_type(
    "stored_elsewhere", 421, gettext_lazy("Data of this country is stored at another site; `site` names it.")
)
ALREADY_REGISTERED = problem_type(
    "already_registered", 409, gettext_lazy("This Idempotency-Key made an account that is in use already: sign in.")
)
answer_with(NotStoredHere, lambda error: Problem(STORED_ELSEWHERE, site=error.url or None))
answer_with(SubmissionUsed, lambda _error: Problem(ALREADY_REGISTERED))
AGREEMENT = ("policy", "language", "agreed", "purposes", "age_confirmed")


class ConsentGiven(Body):
    """The person's agreement, tied to the text that was shown."""

    policy = Text(schema={"pattern": "^[0-9a-f]{64}$"}, help_text="The digest of the text that was shown.")
    language = Text(schema={"maxLength": 16}, help_text="The language of that text.")
    agreed = Flag(help_text="True: the person agreed. Never set before they did.")
    age_confirmed = Flag(help_text="True: the person says that they are of the jurisdiction's age.")
    purposes = serializers.ListField(
        child=serializers.ChoiceField(OPTIONAL_KEYS),
        required=False,
        help_text="The optional purposes that the person switched on.",
    )


def _body(kind: Kind) -> type[Body]:
    members: dict[str, Any] = {}
    for declared in fields_for(kind):
        is_required = kind in declared.required_for and not declared.required_in
        members[declared.key] = member(
            declared, required=is_required, allow_null=not is_required, allow_blank=not is_required
        )
    if kind == Kind.ENTERPRISE:
        members["registration_number_confirmed"] = Flag(
            required=False, help_text="The licence says exactly this number, though its check digit fails."
        )
    members["consent"] = ConsentGiven()
    return type(f"{kind.title()}Registration", (Body,), members | {"__doc__": f"What an {kind} tells."})


IndividualBody, EnterpriseBody = _body(Kind.INDIVIDUAL), _body(Kind.ENTERPRISE)
_EXAMPLE = {
    "name": "Jörg Groß",
    "username": "joerg_gross",
    "password": "Lantern-Quartz-Orbit-51",
    "phone": "+4915123456789",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "consent": {
        "policy": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "language": "en",
        "agreed": True,
        "age_confirmed": True,
        "purposes": [],
    },
}


class Choice(serializers.Serializer):
    """One value that may be chosen."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer


class FieldToAsk(serializers.Serializer):
    """One field of the form."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    why = serializers.CharField(help_text="Why we ask. Show it beside the field.")
    without = serializers.CharField(help_text="What happens if it is left out.")
    clause = serializers.CharField(help_text="The clause of the policy.")
    purpose = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a member of the answer
    sensitive = serializers.BooleanField(help_text="Bold and underlined wherever it is named.")
    type = serializers.ChoiceField(["text", "long_text", "password", "phone", "email", "date", "choice"])
    max_length = serializers.IntegerField(allow_null=True)
    autocomplete = serializers.CharField(allow_blank=True, help_text="The token of HTML's autocomplete.")
    choices = Choice(many=True, help_text="For `choice`; those of the country first.")


class PurposeToAsk(serializers.Serializer):
    """An optional purpose; off until the person switches it on."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    description = serializers.CharField()


class FieldsToAsk(serializers.Serializer):
    """Enough to draw the form."""

    kind = serializers.ChoiceField([kind.value for kind in Kind])
    country = serializers.CharField(allow_blank=True)
    jurisdiction = serializers.CharField(allow_null=True, help_text="Null until a country is given.")
    age = serializers.IntegerField(allow_null=True, help_text="From which age a person may agree alone.")
    fields = FieldToAsk(many=True)  # type: ignore[assignment]  # a member of the answer
    purposes = PurposeToAsk(many=True)


class Fields(Endpoint):
    """What to ask."""

    public = True

    @operation(
        "fields",
        "The fields of a registration, with label, why, and what happens without each",
        answers={200: FieldsToAsk},
        errors=[INVALID],
        parameters=[
            OpenApiParameter("kind", str, required=True, enum=[kind.value for kind in Kind]),
            OpenApiParameter(
                "country", {"type": "string", "pattern": "^[A-Z]{2}$"}, description="It decides what is required."
            ),
        ],
        public=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer in the asked language."""
        kind, country = request.query_params.get("kind", ""), request.query_params.get("country", "")
        if kind not in list(Kind):
            raise field_problem("kind", "invalid_choice", _("Say individual or enterprise."))
        if country and not is_country(country):
            raise field_problem("country", "invalid_country", _("Give a country's two letters, such as DE."))
        jurisdiction = jurisdiction_of_country(country) if country else None
        return Response(
            {
                "kind": kind,
                "country": country,
                "jurisdiction": jurisdiction.code if jurisdiction else None,
                "age": jurisdiction.age_of_consent if jurisdiction else None,
                "fields": [_field(declared, kind, country) for declared in fields_for(kind)],
                "purposes": [
                    {"key": purpose.key, "label": str(purpose.label), "description": str(purpose.description)}
                    for purpose in optional_purposes()
                ],
            }
        )


class RegisterIndividual(Endpoint):
    """Register a person."""

    public = True

    @operation(
        "register_individual",
        "Register an individual",
        answers={201: SignIn},
        body=IndividualBody,
        example=_EXAMPLE,
        response_example=SIGN_IN_EXAMPLE,
        errors=[POLICY_NOT_IN_FORCE, STORED_ELSEWHERE, ALREADY_REGISTERED, NOT_FOUND, RATE_LIMITED],
        description="Show `policies/current` first. The answer's token goes to `auth/verify` with the code we sent.",
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Register."""
        return _register(self, Kind.INDIVIDUAL, self.checked(IndividualBody))


class RegisterEnterprise(Endpoint):
    """Register an enterprise."""

    public = True

    @operation(
        "register_enterprise",
        "Register an enterprise",
        answers={201: SignIn},
        body=EnterpriseBody,
        example=_EXAMPLE | {"enterprise_name": "Groß GmbH", "enterprise_email": "office@gross.example"},
        response_example=SIGN_IN_EXAMPLE,
        errors=[POLICY_NOT_IN_FORCE, STORED_ELSEWHERE, ALREADY_REGISTERED, NOT_FOUND, RATE_LIMITED],
        description="Show `policies/current` first. The answer's token goes to `auth/verify` with the code we sent.",
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Register."""
        return _register(self, Kind.ENTERPRISE, self.checked(EnterpriseBody))


def _register(endpoint: Endpoint, kind: Kind, values: dict[str, Any]) -> Response:
    http = endpoint.http
    consume("register", network=network_of(http))
    form = _checked_form(http, kind, values)
    cleaned = form.cleaned_data
    user = register(
        kind=kind,
        values=form.profile_values,
        agreement=Agreement(cleaned["policy"], cleaned["language"], cleaned["purposes"]),
        submission=cleaned["submission"],
        channel=Channel.REST,
    )
    enter(http, user)
    return sign_in_answer(endpoint.request, status=201)


def _checked_form(request: HttpRequest, kind: Kind, values: dict[str, Any]) -> RegistrationForm:
    """Check a registration by the same form as the page's. Raises `Problem`, `NotStoredHere`."""
    consent, country = values.pop("consent"), values["country"]
    if not is_country(country):
        raise field_problem("country", "invalid_choice", _("Give a country's two letters, such as DE."))
    jurisdiction = jurisdiction_of_country(country)
    require_stored_here(jurisdiction)
    form = RegistrationForm(
        values | consent | {"submission": _submission(request)},
        kind=kind,
        country=country,
        jurisdiction=jurisdiction,
        version=version_to_show(jurisdiction.code, get_language() or "en"),
    )
    if not form.is_valid():
        problem = form_problem(form)
        raise Problem(problem.kind, errors={_path(name): found for name, found in problem.more["errors"].items()})
    return form


def _path(name: str) -> str:
    return f"consent.{name}" if name in AGREEMENT else name


def _submission(request: HttpRequest) -> UUID:
    named = submission_of(request)
    return UUID(bytes=named) if named else uuid4()


def _field(declared: PersonalField, kind: str, country: str) -> dict[str, Any]:
    field = form_field(declared, kind=kind, country=country)
    return {
        "key": declared.key,
        "label": str(declared.label),
        "why": str(declared.why),
        "without": str(declared.without),
        "clause": declared.clauses[Kind(kind)],
        "purpose": declared.purpose,
        "required": field.required,
        "sensitive": declared.sensitive,
        "type": _type(field),
        "max_length": None if isinstance(field, forms.ChoiceField | forms.DateField) else declared.max_length,
        "autocomplete": field.widget.attrs.get("autocomplete", ""),
        "choices": _choices(field),
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


def _choices(field: forms.Field) -> list[dict[str, str]]:
    choices: list[dict[str, str]] = []
    for value, label in getattr(field, "choices", []):
        group = label if isinstance(label, list | tuple) else [(value, label)]
        choices += [{"value": str(each), "label": str(name)} for each, name in group if each]
    return choices
