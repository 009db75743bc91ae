"""`auth/`: sign in by password or code, verify a contact point, sign out."""

from django.contrib.auth import logout
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.contact_points.models import Code
from accounts.sessions.known_devices import present_device
from accounts.sessions.names import name_session
from accounts.sessions.repeated_codes import landed_before, note_right_code, one_code_at_a_time
from accounts.sign_in.api.answers import (
    ACCOUNT_CANCELLED,
    ACCOUNT_LOCKED,
    SIGN_IN_EXAMPLE,
    TEMPORARY_PASSWORD_EXPIRED,
    WRONG_CREDENTIALS,
    CodeGiven,
    ContactChange,
    DeviceGiven,
    LoginGiven,
    SessionNamed,
    SignIn,
    sign_in_answer,
)
from accounts.sign_in.changes import ContactForm
from accounts.sign_in.code_proof import request_code, user_of_code
from accounts.sign_in.forms import CodeForm, LoginForm, RecoverForm, SignInForm
from accounts.sign_in.stages import VerifyContactStage, leave_stage, waiting_stage
from accounts.sign_in.state import begin_with_code, begin_with_password
from accounts.sign_in.verification import change_waiting_contact, verify_by_code
from accounts.tries.proof_of_work import require_proof
from accounts.users.problems import NO_PENDING_STEP
from privacy.rest.bodies import Body, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import errors_of, form_problem, merge_errors
from privacy.rest.problems import ALREADY_SIGNED_IN, INVALID, RATE_LIMITED, WRONG_CODE, Problem
from privacy.rest.schema import operation
from privacy.rest.strangers import PROOF_REQUIRED

TAG = "Signing in"


class PasswordSignIn(SessionNamed, DeviceGiven):
    """The login and the password."""

    login = Text(schema={"maxLength": 254}, help_text="Username, verified phone number or verified e-mail address.")
    password = Text(schema={"maxLength": 128, "format": "password"}, help_text="The password.")


class SignInCode(SessionNamed, DeviceGiven, CodeGiven):
    """The 6-digit code of a message, and the device that signs in."""


class ChosenContact(Body):
    """Where to send the next code."""

    contact = Text(
        required=False, help_text="The `id` of one of `others`. By default, the same contact point as before."
    )


class SignInByPassword(Endpoint):
    """`auth/sign-in`."""

    public = entrance = holds_secret = True

    @operation(
        "auth_sign_in",
        "Sign in with a password",
        answers={200: SignIn},
        body=PasswordSignIn,
        example={"login": "joerg_gross", "password": "Lantern-Quartz-Orbit-51"},
        response_example=SIGN_IN_EXAMPLE,
        errors=[
            *(WRONG_CREDENTIALS, ACCOUNT_CANCELLED, ACCOUNT_LOCKED, TEMPORARY_PASSWORD_EXPIRED, ALREADY_SIGNED_IN),
            *(NO_PENDING_STEP, RATE_LIMITED),
        ],
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Begin a sign-in."""
        given, errors = self.partly_checked(PasswordSignIn)
        if errors:  # no account is looked up, but errors of the login are listed, too
            raise Problem(INVALID, errors=merge_errors(errors, errors_of(LoginForm(given))))
        present_device(self.http, given.get("device", ""))
        form = SignInForm(given, request=self.http)
        if not form.is_valid() or form.user is None:
            raise Problem(WRONG_CREDENTIALS) if form.has_error("__all__") else form_problem(form)
        name_session(self.http, form.user.subject_id, given.get("device_name", ""))
        begin_with_password(self.http, form.user)
        return sign_in_answer(request)


class SignInByCode(Endpoint):
    """`auth/code`."""

    public = True
    entrance = True

    @operation(
        "auth_code",
        "Request a code to sign in with",
        description="The response does not tell whether there is an account.",
        answers={200: SignIn},
        body=LoginGiven,
        example={"login": "+4915123456789"},
        errors=[ALREADY_SIGNED_IN, RATE_LIMITED, PROOF_REQUIRED],
        method="POST",
        public=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Send a code."""
        request_code(self.http, checked_login(self), Code.Use.SIGN_IN)
        return sign_in_answer(request)


class ConfirmSignInCode(Endpoint):
    """`auth/code/confirm`."""

    public = True
    entrance = True

    @operation(
        "auth_code_confirm",
        "Sign in with the code that was sent",
        answers={200: SignIn},
        body=SignInCode,
        example={"code": "123456"},
        errors=[
            *(WRONG_CODE, ACCOUNT_CANCELLED, ACCOUNT_LOCKED, TEMPORARY_PASSWORD_EXPIRED, ALREADY_SIGNED_IN),
            *(NO_PENDING_STEP, RATE_LIMITED),
        ],
        description="Send the token of `auth/code`. The code works only with that token.",
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Begin a sign-in."""
        http, use = self.http, Code.Use.SIGN_IN
        code, given = checked_code(self, SignInCode), self.checked(SignInCode)
        present_device(http, given.get("device", ""))
        with one_code_at_a_time(http):
            if landed_before(http, use=use, digits=code) is None:
                former = http.session.session_key
                user = user_of_code(http, code)
                if user is None:
                    raise Problem(WRONG_CODE)
                name_session(http, user.subject_id, given.get("device_name", ""))
                begin_with_code(http, user)
                note_right_code(http, use=use, digits=code, former=former)
            return sign_in_answer(request)


class VerifyContact(Endpoint):
    """`auth/verify`."""

    public = True

    @operation(
        "auth_verify",
        "Verify the contact point of a new account with its code",
        answers={200: SignIn},
        body=CodeGiven,
        example={"code": "123456"},
        errors=[WRONG_CODE, NO_PENDING_STEP, RATE_LIMITED],
        description="Send the token whose `next` is `verify_contact`. Each token has its own code.",
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Verify the contact point and continue the sign-in."""
        code = checked_code(self)
        with one_code_at_a_time(self.http):
            if landed_before(self.http, use=VerifyContactStage.key, digits=code) is None:
                stage = _waiting(self.http)
                verify_by_code(stage, code)
                leave_stage(stage, code=code)
            return sign_in_answer(request)


class ChangeContactToVerify(Endpoint):
    """`auth/verify/contact`."""

    public = True

    @operation(
        "auth_verify_contact",
        "Correct the phone number or e-mail address of a new account, and send a code to it",
        answers={200: SignIn},
        body=ContactChange,
        example={"value": "+4915123456789"},
        errors=[NO_PENDING_STEP, RATE_LIMITED],
        description="Replaces the `contact` of the previous response. Does not tell whether another account has it.",
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Send a code to the new contact point; the code to the mistyped one no longer works."""
        stage = _waiting(self.http)
        if stage.is_passed:
            leave_stage(stage)
            return sign_in_answer(request)
        form = ContactForm(self.checked(ContactChange), field=stage.contact.field, subject_id=stage.contact.subject_id)
        if not form.is_valid():
            raise form_problem(form)
        change_waiting_contact(stage, form.cleaned_data["value"])
        return sign_in_answer(request)


class SendVerificationAgain(Endpoint):
    """`auth/verify/resend`."""

    public = True

    @operation(
        "auth_verify_resend",
        "Send a new verification code, to the same contact point or to another one",
        answers={200: SignIn},
        body=ChosenContact,
        example={},
        errors=[NO_PENDING_STEP, RATE_LIMITED],
        method="POST",
        continues=True,
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """Send a code; earlier ones no longer work."""
        stage = _waiting(self.http)
        if stage.is_passed:
            leave_stage(stage)
            return sign_in_answer(request)
        if chosen := self.checked(ChosenContact).get("contact"):
            stage.choose(chosen)
        stage.send()
        return sign_in_answer(request)


class CurrentSession(Endpoint):
    """`auth/session`."""

    public = True
    with_temporary_password = True

    @operation("auth_session", "Get the state of this token's sign-in", answers={200: SignIn}, continues=True, tag=TAG)
    def get(self, request: Request) -> Response:
        """Answer with the state; without a token, that no one is signed in."""
        return sign_in_answer(request)

    @operation("auth_sign_out", "Sign out and end this token", answers={204: None}, continues=True, tag=TAG)
    def delete(self, request: Request) -> Response:
        """End this session."""
        logout(self.http)
        return Response(status=204)


def _waiting(http: HttpRequest) -> VerifyContactStage:
    stage = waiting_stage(http)
    if stage is None:
        raise Problem(NO_PENDING_STEP)
    return stage


def checked_code(endpoint: Endpoint, body: type[Body] = CodeGiven) -> str:
    """Return the digits of a request's code. Raises `Problem`."""
    return str(endpoint.checked_by(body, CodeForm).cleaned_data["code"])


def checked_login(endpoint: Endpoint) -> str:
    """Return the login of a request for a code, and record the device. Raises `Problem`."""
    try:
        form = endpoint.checked_by(LoginGiven, RecoverForm)
    except Problem as problem:
        require_proof(endpoint.http, problem.more.get("errors"))
        raise
    require_proof(endpoint.http)
    present_device(endpoint.http, endpoint.checked(LoginGiven).get("device", ""))
    return str(form.cleaned_data["login"])
