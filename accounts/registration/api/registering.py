"""`registrations/`: register an individual or an enterprise."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.contact_points.code_requests import FirstCode
from accounts.profiles.api import ATTESTED_HELP, CONFIRMED, member
from accounts.profiles.forms import ATTESTED
from accounts.registration.forms import CountrylessForm, RegistrationForm
from accounts.registration.services import Agreement, SubmissionUsed, register_person
from accounts.sessions.names import name_session
from accounts.sign_in.after_registration import begin_first_sign_in
from accounts.sign_in.api.answers import SIGN_IN_EXAMPLE, SessionName, SignIn, sign_in_answer
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from accounts.tries.proof_of_work import give_back, require_proof
from accounts.users.services import UsernameTaken
from privacy.consent.api import POLICY_NOT_IN_FORCE, with_agreement
from privacy.consent.models import ConsentRecord
from privacy.consent.serializer_fields import PurposeKeys
from privacy.consent.services import PolicyNotInForce
from privacy.guardians.api import GUARDIAN_NEEDED, BirthMonth, checked_age
from privacy.inventory.declarations import Kind
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, require_stored_here
from privacy.policies.api import STORED_ELSEWHERE
from privacy.policies.queries import version_to_show
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with, errors_of, merge_errors
from privacy.rest.problems import (
    ALREADY_SIGNED_IN,
    INVALID,
    NOT_FOUND,
    RATE_LIMITED,
    Errors,
    Problem,
    field_error,
    problem_type,
)
from privacy.rest.retries import submission_of
from privacy.rest.schema import operation
from privacy.rest.strangers import PROOF_REQUIRED

TAG = "Registration"
ALREADY_REGISTERED = problem_type(
    "already_registered", 409, gettext_lazy("The account created with this Idempotency-Key is already in use. Sign in.")
)
answer_with(SubmissionUsed, lambda _error: Problem(ALREADY_REGISTERED))
AGREEMENT = ("policy", "language", "agreed", "purposes")


class ConsentGiven(Body):
    """The person's consent to the text that was shown."""

    policy = Text(schema={"pattern": "^[0-9a-f]{64}$"}, help_text="The digest of the text that was shown.")
    language = Text(schema={"maxLength": 16}, help_text="The language of that text.")
    agreed = Flag(help_text="True if the person agreed. Do not preset it.")
    birth_month = BirthMonth(help_text="The month of birth. It is checked and not stored.")
    purposes = PurposeKeys(required=False, help_text="The optional purposes that the person turned on.")


def _body(kind: Kind) -> type[Body]:
    members: dict[str, Any] = {}
    for declared in fields_for(kind):
        is_required = kind in declared.required_for and not declared.required_in
        members[declared.key] = member(
            declared, required=is_required, allow_null=not is_required, allow_blank=not is_required
        )
    if kind == Kind.ENTERPRISE:
        members["registration_number_confirmed"] = Flag(required=False, help_text=CONFIRMED)
        members[ATTESTED] = Flag(help_text=ATTESTED_HELP)
    members |= {"consent": ConsentGiven(), "device_name": SessionName()}
    return type(f"{kind.title()}Registration", (Body,), members | {"__doc__": f"The registration of an {kind}."})


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
        "birth_month": {"year": 1990, "month": 5},
        "purposes": [],
    },
}


class RegisterIndividual(Endpoint):
    """Register a person."""

    public = entrance = holds_secret = True

    @operation(
        "register_individual",
        "Register an individual",
        answers={201: SignIn},
        body=IndividualBody,
        example=_EXAMPLE,
        response_example=SIGN_IN_EXAMPLE,
        errors=[
            *(POLICY_NOT_IN_FORCE, STORED_ELSEWHERE, ALREADY_REGISTERED, ALREADY_SIGNED_IN, NOT_FOUND),
            *(RATE_LIMITED, PROOF_REQUIRED, GUARDIAN_NEEDED),
        ],
        description="Show `policies/current` first. Send the returned token and the code to `auth/verify`.",
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Register."""
        return _register(self, Kind.INDIVIDUAL, *self.partly_checked(IndividualBody))


class RegisterEnterprise(Endpoint):
    """Register an enterprise."""

    public = entrance = holds_secret = True

    @operation(
        "register_enterprise",
        "Register an enterprise",
        answers={201: SignIn},
        body=EnterpriseBody,
        example=_EXAMPLE | {"enterprise_name": "Groß GmbH", "enterprise_email": "office@gross.example", ATTESTED: True},
        response_example=SIGN_IN_EXAMPLE,
        errors=[
            *(POLICY_NOT_IN_FORCE, STORED_ELSEWHERE, ALREADY_REGISTERED, ALREADY_SIGNED_IN, NOT_FOUND),
            *(RATE_LIMITED, PROOF_REQUIRED, GUARDIAN_NEEDED),
        ],
        description="Show `policies/current` first. Send the returned token and the code to `auth/verify`.",
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Register."""
        return _register(self, Kind.ENTERPRISE, *self.partly_checked(EnterpriseBody))


def _register(endpoint: Endpoint, kind: Kind, values: dict[str, Any], errors: Errors) -> Response:
    http = endpoint.http
    consume("register", network=network_of(http))
    session = values.pop("device_name", "")
    form = _checked_form(http, kind, values, errors)
    cleaned = form.cleaned_data
    first_code = FirstCode(http)
    try:
        user = register_person(
            kind=kind,
            values=form.profile_values,
            agreement=Agreement(cleaned["policy"], cleaned["language"], cleaned["purposes"]),
            submission=_submission(http),
            channel=ConsentRecord.Channel.REST,
            first_code=first_code,
        )
    except (PolicyNotInForce, UsernameTaken):  # nothing was sent
        give_back(http)
        raise
    name_session(http, user.subject_id, session)
    begin_first_sign_in(http, user, first_code)
    return sign_in_answer(endpoint.request, status=201)


def _checked_form(http: HttpRequest, kind: Kind, values: dict[str, Any], errors: Errors) -> RegistrationForm:
    """Check a registration by the form of the page; all errors are in one answer.

    Raises `Problem`, `NotStoredHere`.
    """
    consent, country = values.pop("consent", {}), values.get("country", "")
    if not is_country(country):
        raise _refusal(http, _errors_without_country(kind, values | consent, errors))
    jurisdiction = jurisdiction_of_country(country)
    require_stored_here(jurisdiction)
    errors = merge_errors(errors, _age_errors(country, consent.pop("birth_month", None)))
    form = RegistrationForm(
        values | consent,
        kind=kind,
        country=country,
        version=version_to_show(jurisdiction.code, get_language() or "en"),
    )
    del form.fields["submission"]  # only for the page: an app sends an Idempotency-Key
    form.is_valid()
    if found := _with_those_of(form, errors):
        raise _refusal(http, *with_agreement(found, consent, jurisdiction=jurisdiction.code, prefix="consent."))
    require_proof(http)
    return form


def _age_errors(country: str, birth: Mapping[str, int] | None) -> Errors:
    """Return what is wrong with the answer to the age question. Raises `Problem` for somebody who is too young."""
    if birth is None:  # the body says why
        return {}
    age, errors = checked_age(country, birth, "consent.birth_month")
    if age and not age.is_reached:
        raise Problem(GUARDIAN_NEEDED)
    return errors


def _errors_without_country(kind: Kind, values: dict[str, Any], errors: Errors) -> Errors:
    no_country = [field_error("invalid_choice", _("Use a two-letter country code, such as DE."))]
    return _with_those_of(CountrylessForm(values, kind=kind), merge_errors(errors, {"country": no_country}))


def _with_those_of(form: Form, errors: Errors) -> Errors:
    return merge_errors(errors, {_path(name): said for name, said in errors_of(form).items()})


def _refusal(http: HttpRequest, errors: Errors, more: dict[str, Any] | None = None) -> Problem:
    require_proof(http, errors)
    return Problem(INVALID, errors=errors, **(more or {}))


def _path(name: str) -> str:
    return f"consent.{name}" if name in AGREEMENT else name


def _submission(request: HttpRequest) -> UUID | None:
    named = submission_of(request)
    return UUID(bytes=named) if named else None
