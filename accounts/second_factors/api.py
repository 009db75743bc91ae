"""`auth/factors`, `auth/app`, `auth/recovery-codes`, `auth/passkeys`: add and remove second factors."""

import json
from functools import partial
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import AddPasskeyForm, SetUpAppForm
from accounts.second_factors.passkey_names import name_of, rename_passkey
from accounts.second_factors.services import (
    add_app,
    app_of,
    has_second_factor,
    make_recovery_codes,
    passkeys_of,
    recovery_codes_to_show,
    remove_factor,
    second_factors_of,
    show_recovery_codes,
    store_passkey,
)
from accounts.sessions.api import NameGiven
from accounts.sessions.forms import NameForm
from accounts.sessions.names import NamedGone
from accounts.sessions.store import token_of
from accounts.users.problems import NO_PENDING_STEP
from privacy.rest.bodies import Body, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import operation

TAG = "Two-step verification"
WRONG_FACTOR = problem_type(
    "wrong_second_factor",
    422,
    _("This code is wrong. Enter the code that your app shows now, or an unused recovery code."),
)
ALREADY_SET_UP = problem_type("already_set_up", 409, _("An authenticator app is already set up. Remove it first."))
NO_SECOND_FACTOR = problem_type("no_second_factor", 409, _("Set up an authenticator app or a passkey first."))
CREDENTIAL = "The response of `navigator.credentials`, or of the platform's API, as JSON (WebAuthn level 3)."
ID = OpenApiParameter("passkey", int, OpenApiParameter.PATH, description="The `id` of a passkey.")


class AppCode(Body):
    """The first code of an app."""

    code = Text(schema={"pattern": "^[0-9]{6}$"}, help_text="The 6-digit code that the app shows now.")


class NewApp(serializers.Serializer):
    """The secret to set up an authenticator app."""

    secret = serializers.CharField(help_text="The secret in Base32, to type into the app.")
    uri = serializers.CharField(help_text="`otpauth://...`, for a QR code.")


class RecoveryCodes(serializers.Serializer):
    """Recovery codes. Each works once. They are shown only once."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class PasskeyShown(serializers.Serializer):
    """A passkey."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="The name that I gave it, else the device that made it.")


class Factors(serializers.Serializer):
    """The two-step verification methods that are set up."""

    app = serializers.BooleanField()
    passkeys = PasskeyShown(many=True)
    unused_recovery_codes = serializers.IntegerField()


class MyFactors(Endpoint):
    """`auth/factors`."""

    at_the_gate = True

    @operation(
        "auth_factors", "List my two-step verification methods", answers={200: Factors}, at_the_gate=True, tag=TAG
    )
    def get(self, request: Request) -> Response:
        """Answer with what is set up."""
        factors = second_factors_of(self.user)
        passkeys = [{"id": passkey.pk, "name": passkey.name} for passkey in factors.passkeys]
        return Response({"app": bool(factors.app), "passkeys": passkeys, "unused_recovery_codes": factors.unused_codes})


class App(Endpoint):
    """`auth/app`."""

    at_the_gate = True
    fresh_sign_in_for = ("GET", "POST", "DELETE")
    limited_as = {"POST": "factor_change", "DELETE": "factor_change"}

    @operation(
        "auth_app_begin",
        "Start setting up an authenticator app",
        answers={200: NewApp},
        errors=[FRESH_SIGN_IN_REQUIRED, ALREADY_SET_UP],
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with a fresh secret."""
        self._refuse_second()
        secret = SetUpAppForm(user=self.user).secret
        return Response({"secret": secret, "uri": get_adapter().build_totp_url(self.user, secret)})

    @operation(
        "auth_app_confirm",
        "Finish setting up an authenticator app with its first code",
        answers={201: RecoveryCodes},
        body=AppCode,
        example={"code": "123456"},
        errors=[NO_PENDING_STEP, FRESH_SIGN_IN_REQUIRED, ALREADY_SET_UP, RATE_LIMITED],
        description="Ends all other sessions. Returns recovery codes if this is the first method.",
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Set it up."""
        self._refuse_second()
        form = self.checked_by(AppCode, partial(SetUpAppForm, user=self.user))
        made = add_app(self.http, form)
        return Response({"recovery_codes": shown_codes(self) if made else []}, status=201)

    @operation(
        "auth_app_remove",
        "Remove the authenticator app and end all other sessions",
        answers={204: None},
        errors=[NO_PENDING_STEP, FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED],
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request) -> Response:
        """Remove it; without a passkey, recovery codes go, too."""
        app = app_of(self.user)
        if app is None:
            raise Http404
        remove_factor(self.http, app)
        return Response(status=204)

    def _refuse_second(self) -> None:
        if app_of(self.user):
            raise Problem(ALREADY_SET_UP)


class NewRecoveryCodes(Endpoint):
    """`auth/recovery-codes`."""

    at_the_gate = True
    fresh_sign_in_for = ("POST",)
    limited_as = {"POST": "factor_change"}

    @operation(
        "auth_recovery_codes",
        "Create new recovery codes and void the earlier ones",
        answers={201: RecoveryCodes},
        errors=[NO_PENDING_STEP, FRESH_SIGN_IN_REQUIRED, NO_SECOND_FACTOR, RATE_LIMITED],
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Replace them."""
        if not has_second_factor(self.user):
            raise Problem(NO_SECOND_FACTOR)
        make_recovery_codes(self.http)
        return Response({"recovery_codes": recovery_codes_to_show(self.http)}, status=201)


def shown_codes(endpoint: Endpoint) -> list[str]:
    """Return the recovery codes that were just made; they are shown once."""
    show_recovery_codes(endpoint.http)
    return recovery_codes_to_show(endpoint.http)


def as_typed(given: dict[str, Any]) -> dict[str, Any]:
    """Return the values as a page's form would send them: a credential as JSON text."""
    return {name: json.dumps(value) if isinstance(value, dict) else value for name, value in given.items()}


class CredentialGiven(Body):
    """A passkey response to a challenge."""

    credential = serializers.DictField(help_text=CREDENTIAL)


class Challenge(serializers.Serializer):
    """The options for a passkey."""

    token = serializers.CharField(help_text="Send it with the passkey response.")
    options = serializers.DictField(help_text="For `navigator.credentials` or the platform's API (WebAuthn level 3).")


class Passkeys(Endpoint):
    """`auth/passkeys`."""

    at_the_gate = True
    fresh_sign_in_for = ("GET", "POST")
    limited_as = {"POST": "factor_change"}

    @operation(
        "auth_passkeys_begin",
        "Start adding a passkey",
        answers={200: Challenge},
        errors=[FRESH_SIGN_IN_REQUIRED],
        at_the_gate=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with a challenge."""
        options = begin_ceremony(self.http, Ceremony.ADD, self.user)
        return Response({"token": token_of(self.http), "options": options})

    @operation(
        "auth_passkeys_add",
        "Add the passkey that the device created and end all other sessions",
        answers={201: RecoveryCodes},
        body=CredentialGiven,
        example={"credential": {"id": "...", "response": {}}},
        errors=[NO_PENDING_STEP, FRESH_SIGN_IN_REQUIRED, WRONG_FACTOR, RATE_LIMITED],
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Keep its public key."""
        form = AddPasskeyForm(as_typed(self.checked(CredentialGiven)) | {"passwordless": True}, user=self.user)
        if not form.is_valid():
            raise Problem(WRONG_FACTOR)
        made = store_passkey(self.http, form)
        return Response({"recovery_codes": shown_codes(self) if made else []}, status=201)


class OnePasskey(Endpoint):
    """`auth/passkeys/<id>`."""

    at_the_gate = True
    fresh_sign_in_for = ("DELETE",)
    limited_as = {"DELETE": "factor_change"}

    @operation(
        "auth_passkeys_rename",
        "Rename a passkey",
        answers={200: PasskeyShown},
        body=NameGiven,
        example={"name": "My phone"},
        errors=[NOT_FOUND],
        parameters=[ID],
        at_the_gate=True,
        tag=TAG,
    )
    def patch(self, request: Request, passkey: int) -> Response:
        """Store the name."""
        found = self._found(passkey)
        name = self.checked_by(NameGiven, NameForm).cleaned_data["name"]
        try:
            rename_passkey(found, name)
        except NamedGone:
            raise Http404 from None
        return Response({"id": found.pk, "name": name_of(found)})

    @operation(
        "auth_passkeys_remove",
        "Remove a passkey and end all other sessions",
        answers={204: None},
        errors=[NO_PENDING_STEP, FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED],
        parameters=[ID],
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request, passkey: int) -> Response:
        """Remove it; without an app and a passkey, recovery codes go, too."""
        remove_factor(self.http, self._found(passkey))
        return Response(status=204)

    def _found(self, passkey: int) -> Authenticator:
        found = passkeys_of(self.user).filter(pk=passkey).first()
        if found is None:
            raise Http404
        return found
