"""`auth/passkey`, `auth/passkeys`: sign in with a passkey, add and remove passkeys."""

from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.second_factors.api import TAG, WRONG_FACTOR, Challenge, CredentialGiven, as_typed
from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import SignInPasskeyForm
from accounts.sessions.known_devices import present_device
from accounts.sessions.names import name_session
from accounts.sessions.store import token_of
from accounts.sign_in.api.answers import (
    ACCOUNT_CANCELLED,
    ACCOUNT_LOCKED,
    TEMPORARY_PASSWORD_EXPIRED,
    DeviceGiven,
    SessionNamed,
    SignIn,
    sign_in_answer,
)
from accounts.sign_in.stages import new_login
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from accounts.users.problems import NO_PENDING_STEP
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import ALREADY_SIGNED_IN, RATE_LIMITED, Problem
from privacy.rest.schema import operation


class SignInCredential(SessionNamed, DeviceGiven, CredentialGiven):
    """A passkey response to a challenge, and the device that signs in."""


class SignInByPasskey(Endpoint):
    """`auth/passkey`."""

    public = True
    entrance = True

    @operation(
        "auth_passkey_options",
        "Start signing in with a passkey",
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
