"""`auth/second-factor`, `auth/app`, `auth/recovery-codes`: the second step, an app, recovery codes."""

from typing import Any

from allauth.mfa.stages import AuthenticateStage
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.second_factors.api import CREDENTIAL, TAG, WRONG_FACTOR, as_typed
from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import SecondFactorForm, SecondPasskeyForm
from accounts.second_factors.services import has_second_factor, second_factors_of
from accounts.sessions.repeated_codes import landed_before, one_code_at_a_time
from accounts.sign_in.api.answers import (
    ACCOUNT_CANCELLED,
    ACCOUNT_LOCKED,
    TEMPORARY_PASSWORD_EXPIRED,
    SignIn,
    sign_in_answer,
)
from accounts.sign_in.stages import leave_stage, second_step
from accounts.users.problems import NO_PENDING_STEP
from privacy.rest.bodies import Body, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import RATE_LIMITED, Problem
from privacy.rest.schema import operation


class FactorGiven(Body):
    """A code of the app, a recovery code, or a passkey response."""

    code = Text(
        required=False, schema={"maxLength": 20}, help_text="The 6-digit code of the app, or an 8-digit recovery code."
    )
    credential = serializers.DictField(required=False, help_text=CREDENTIAL)


class SecondStep(serializers.Serializer):
    """The two-step verification methods for a sign-in."""

    app = serializers.BooleanField(help_text="Whether the person can use a code of an authenticator app.")
    options = serializers.DictField(allow_null=True, help_text="Passkey options, if the person has a passkey.")


class GiveSecondFactor(Endpoint):
    """`auth/second-factor`."""

    public = True

    @operation(
        "auth_second_factor_options",
        "List the two-step verification methods for this sign-in",
        answers={200: SecondStep},
        errors=[NO_PENDING_STEP],
        continues=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with a challenge for a passkey, if the person has one."""
        user = self._waiting().login.user
        factors = second_factors_of(user)
        options = begin_ceremony(self.http, Ceremony.SECOND_STEP, user) if factors.passkeys else None
        return Response({"app": bool(factors.app), "options": options})

    @operation(
        "auth_second_factor",
        "Complete two-step verification",
        answers={200: SignIn},
        body=FactorGiven,
        example={"code": "123456"},
        errors=[
            NO_PENDING_STEP,
            WRONG_FACTOR,
            ACCOUNT_CANCELLED,
            ACCOUNT_LOCKED,
            TEMPORARY_PASSWORD_EXPIRED,
            RATE_LIMITED,
        ],
        description="Send the token of a sign-in whose `next` is `second_factor`.",
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Continue the sign-in."""
        given = self.checked(FactorGiven)
        code = given.get("code", "")
        with one_code_at_a_time(self.http):
            if not code or landed_before(self.http, use=AuthenticateStage.key, digits=code) is None:
                self._give(given, code)
            return sign_in_answer(request)

    def _give(self, given: dict[str, Any], code: str) -> None:
        stage = self._waiting()
        form_class = SecondPasskeyForm if "credential" in given else SecondFactorForm
        form = form_class(as_typed(given), user=stage.login.user)
        if not form.is_valid():
            raise Problem(WRONG_FACTOR)
        form.save()
        leave_stage(stage, code=code)

    def _waiting(self) -> Any:
        stage = second_step(self.http)
        if stage is None or not has_second_factor(stage.login.user):
            raise Problem(NO_PENDING_STEP)
        return stage
