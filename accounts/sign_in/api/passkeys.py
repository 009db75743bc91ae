"""`auth/passkey`, `auth/passkeys`: sign in with a passkey, add and remove passkeys."""

from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sign_in.api.answers import (
    ACCOUNT_CANCELLED,
    ACCOUNT_LOCKED,
    NO_PENDING_STEP,
    TEMPORARY_PASSWORD_EXPIRED,
    DeviceGiven,
    SessionNamed,
    SignIn,
    sign_in_answer,
)
from accounts.sign_in.api.second_factors import (
    CREDENTIAL,
    TAG,
    WRONG_FACTOR,
    RecoveryCodes,
    as_typed,
    shown_codes,
)
from accounts.sign_in.ceremonies import Ceremony, begin_ceremony
from accounts.sign_in.known_devices import present_device
from accounts.sign_in.limits import consume
from accounts.sign_in.networks import network_of
from accounts.sign_in.second_factor_forms import AddPasskeyForm, SignInPasskeyForm
from accounts.sign_in.second_factors import passkeys_of, remove_factor, store_passkey
from accounts.sign_in.session_names import name_session
from accounts.sign_in.stages import new_login
from accounts.sign_in.state import token_of
from privacy.rest.bodies import Body
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import ALREADY_SIGNED_IN, FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED, Problem
from privacy.rest.schema import operation

ID = OpenApiParameter("passkey", int, OpenApiParameter.PATH, description="The `id` of a passkey.")


class CredentialGiven(Body):
    """A passkey response to a challenge."""

    credential = serializers.DictField(help_text=CREDENTIAL)


class SignInCredential(SessionNamed, DeviceGiven, CredentialGiven):
    """A passkey response to a challenge, and which device signs in."""


class Challenge(serializers.Serializer):
    """What to hand to a passkey."""

    token = serializers.CharField(help_text="Send it with the passkey response.")
    options = serializers.DictField(help_text="For `navigator.credentials` or the platform's API (WebAuthn level 3).")


class SignInByPasskey(Endpoint):
    """`auth/passkey`."""

    public = True
    entrance = True

    @operation(
        "auth_passkey_options",
        "Begin a sign-in with a passkey",
        answers={200: Challenge},
        errors=[ALREADY_SIGNED_IN, RATE_LIMITED],
        public=True,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with a challenge."""
        consume("passkey", network=network_of(self.http))
        options = begin_ceremony(self.http, Ceremony.SIGN_IN)
        return Response({"token": token_of(self.http), "options": options})

    @operation(
        "auth_passkey",
        "Sign in with a passkey response",
        answers={200: SignIn},
        body=SignInCredential,
        example={"credential": {"id": "...", "response": {}}},
        errors=[
            *(WRONG_FACTOR, ACCOUNT_CANCELLED, ACCOUNT_LOCKED, TEMPORARY_PASSWORD_EXPIRED, ALREADY_SIGNED_IN),
            *(NO_PENDING_STEP, RATE_LIMITED),
        ],
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Sign in."""
        consume("passkey", network=network_of(self.http))
        given = self.checked(SignInCredential)
        present_device(self.http, given.get("device", ""))
        form = SignInPasskeyForm(as_typed(given))
        if not form.is_valid():
            raise Problem(WRONG_FACTOR)
        passkey = form.cleaned_data["credential"]
        name_session(self.http, passkey.user.subject_id, given.get("device_name", ""))
        perform_passwordless_login(self.http, passkey, new_login(passkey.user))
        return sign_in_answer(request)


class Passkeys(Endpoint):
    """`auth/passkeys`."""

    at_the_gate = True
    fresh_sign_in_for = ("GET", "POST")
    limited_as = {"POST": "factor_change"}

    @operation(
        "auth_passkeys_begin",
        "Begin to add a passkey",
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
        "Add the passkey that the device made; every other session ends",
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


class RemovePasskey(Endpoint):
    """`auth/passkeys/<id>`."""

    at_the_gate = True
    fresh_sign_in_for = ("DELETE",)
    limited_as = {"DELETE": "factor_change"}

    @operation(
        "auth_passkeys_remove",
        "Remove one passkey; every other session ends",
        answers={204: None},
        errors=[NO_PENDING_STEP, FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED],
        parameters=[ID],
        at_the_gate=True,
        tag=TAG,
    )
    def delete(self, request: Request, passkey: int) -> Response:
        """Remove it; without an app and a passkey, recovery codes go, too."""
        found = passkeys_of(self.user).filter(pk=passkey).first()
        if found is None:
            raise Http404
        remove_factor(self.http, found)
        return Response(status=204)
