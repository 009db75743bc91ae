"""`auth/again`: a fresh sign-in by the password, a code or a passkey."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.second_factors.api import CREDENTIAL, WRONG_FACTOR, as_typed
from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import FreshPasskeyForm, FreshSecondFactorForm
from accounts.second_factors.services import has_second_factor, second_factors_of
from accounts.sign_in.api.second_factors import SecondStep
from accounts.sign_in.api.signing_in import TAG
from accounts.sign_in.forms import PasswordForm
from accounts.sign_in.freshness import record_fresh_sign_in
from privacy.rest.bodies import Body, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import form_problem
from privacy.rest.problems import RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import operation

SECOND_FACTOR_REQUIRED = problem_type(
    "second_factor_required",
    403,
    _(
        "You use two-step verification. Instead of the password, send a code from your app, a recovery "
        "code or a passkey response."
    ),
)


class ProofAgain(Body):
    """The password, a code, or a passkey response."""

    password = Text(required=False, schema={"maxLength": 128, "format": "password"}, help_text="The password.")
    code = Text(
        required=False, schema={"maxLength": 20}, help_text="The 6-digit code of the app, or an 8-digit recovery code."
    )
    credential = serializers.DictField(required=False, help_text=CREDENTIAL)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the three."""
        if len(values) != 1:
            raise ValidationError({"password": [_("Send the password, a code, or a passkey response.")]}, "required")
        return values


class Again(Endpoint):
    """`auth/again`."""

    at_the_gate = with_temporary_password = True

    @operation(
        "auth_again_options",
        "List the ways to confirm that it's you, besides the password",
        answers={200: SecondStep},
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with a challenge for a passkey, if the person has one."""
        factors = second_factors_of(self.user)
        options = begin_ceremony(self.http, Ceremony.AGAIN, self.user) if factors.passkeys else None
        return Response({"app": bool(factors.app), "options": options})

    @operation(
        "auth_again",
        "Confirm that it's you before a sensitive operation",
        answers={204: None},
        body=ProofAgain,
        example={"password": "Lantern-Quartz-Orbit-51"},
        errors=[SECOND_FACTOR_REQUIRED, WRONG_FACTOR, RATE_LIMITED],
        description="Send the password. With two-step verification, send a code or a passkey response (`GET` first).",
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Record that the person authenticated now."""
        given = self.checked(ProofAgain)
        if "credential" in given:
            self._prove_by_passkey(given)
        elif "code" in given:
            self._prove_by_code(given)
        else:
            self._prove_by_password(given)
        return Response(status=204)

    def _prove_by_passkey(self, given: dict[str, Any]) -> None:
        form = FreshPasskeyForm(as_typed(given), user=self.user)
        if not form.is_valid():
            raise Problem(WRONG_FACTOR)
        form.save()

    def _prove_by_code(self, given: dict[str, Any]) -> None:
        form = FreshSecondFactorForm(given, user=self.user)
        if not form.is_valid():
            raise form_problem(form)
        form.save()

    def _prove_by_password(self, given: dict[str, Any]) -> None:
        if has_second_factor(self.user):
            raise Problem(SECOND_FACTOR_REQUIRED)
        form = PasswordForm(given, user=self.user)
        if not form.is_valid():
            raise form_problem(form)
        record_fresh_sign_in(self.http)
