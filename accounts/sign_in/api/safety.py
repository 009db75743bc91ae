"""`auth/recover`, `auth/password`, `me/contacts`: recover the account, change password and contact points."""

from functools import partial
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.contact_points.code_requests import ask_to_verify
from accounts.contact_points.models import Code
from accounts.contact_points.services import masked
from accounts.sessions.known_devices import new_device_token
from accounts.sessions.repeated_codes import landed_before, note_right_code, one_code_at_a_time
from accounts.sessions.services import change_password
from accounts.sign_in.api.answers import CodeGiven, ContactChange, LoginGiven, SignIn, sign_in_answer
from accounts.sign_in.api.signing_in import checked_code, checked_login
from accounts.sign_in.changes import (
    DECLARED,
    ContactForm,
    change_contact_point,
    contact_rows,
    replace_contact_point,
    waiting_contact,
)
from accounts.sign_in.code_proof import check_code, proven_user, request_code
from accounts.sign_in.forms import ChangePasswordForm, NewPasswordForm
from accounts.sign_in.password_context import password_context
from accounts.sign_in.recovery import recover_account
from accounts.users.problems import NO_PENDING_STEP
from privacy.rest.bodies import Body, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED, WRONG_CODE, Problem
from privacy.rest.schema import operation
from privacy.rest.strangers import PROOF_REQUIRED

RECOVERY, SAFETY = "Recovery", "Security"
PASSWORD = {"maxLength": 128, "format": "password"}
FIELD = OpenApiParameter("field", str, OpenApiParameter.PATH, enum=list(DECLARED), description="Which contact point.")


class NewPassword(Body):
    """A new password."""

    password = Text(
        schema=PASSWORD,
        help_text="At least 15 characters, 12 with two-step verification. Not common, not similar to your other data.",
    )


class PasswordChange(NewPassword):
    """The current password and a new one."""

    current = Text(schema=PASSWORD, help_text="The current password.")


class Contact(serializers.Serializer):
    """A contact point: the value in use, and the one that is not verified yet."""

    field = serializers.ChoiceField(list(DECLARED))
    value = serializers.CharField(allow_null=True, help_text="The verified value, in use.")
    waiting = serializers.CharField(allow_null=True, help_text="The new value, not verified yet. Masked.")


class Recover(Endpoint):
    """`auth/recover`."""

    public = True

    @operation(
        "auth_recover",
        "Request a recovery code",
        description="The response does not tell whether there is an account.",
        answers={200: SignIn},
        body=LoginGiven,
        example={"login": "+4915123456789"},
        errors=[RATE_LIMITED, PROOF_REQUIRED],
        method="POST",
        public=True,
        tag=RECOVERY,
    )
    def post(self, request: Request) -> Response:
        """Send a code."""
        request_code(self.http, checked_login(self), Code.Use.RECOVER)
        return sign_in_answer(request)


class ConfirmRecovery(Endpoint):
    """`auth/recover/confirm`."""

    public = True

    @operation(
        "auth_recover_confirm",
        "Enter the recovery code",
        answers={204: None},
        body=CodeGiven,
        example={"code": "123456"},
        errors=[WRONG_CODE, RATE_LIMITED],
        description="Send the token of `auth/recover`. The code works only with that token.",
        method="POST",
        continues=True,
        tag=RECOVERY,
    )
    def post(self, request: Request) -> Response:
        """Note the proof in this session, for ten minutes."""
        if not check_code(self.http, checked_code(self), Code.Use.RECOVER):
            raise Problem(WRONG_CODE)
        return Response(status=204)


class Recovered(serializers.Serializer):
    """The device secret to store after a recovery."""

    device = serializers.CharField(
        help_text="Send it as `device` with the next sign-in. Empty if two-step verification comes first."
    )


class RecoverPassword(Endpoint):
    """`auth/recover/password`."""

    public = True

    @operation(
        "auth_recover_password",
        "Set a new password after the recovery code, and end every token",
        answers={200: Recovered},
        body=NewPassword,
        example={"password": "Lantern-Quartz-Orbit-51"},
        errors=[NO_PENDING_STEP],
        method="POST",
        continues=True,
        tag=RECOVERY,
    )
    def post(self, request: Request) -> Response:
        """Change the password."""
        user = proven_user(self.http, Code.Use.RECOVER)
        if user is None:
            raise Problem(NO_PENDING_STEP)
        form = self.checked_by(NewPassword, partial(NewPasswordForm, password_context=password_context(user)))
        recover_account(request=self.http, user=user, password=form.cleaned_data["password"])
        return Response({"device": new_device_token(self.http)})


class Password(Endpoint):
    """`auth/password`."""

    at_the_gate = True
    fresh_sign_in_for = ("POST",)
    asks_for_password = True
    with_temporary_password = True

    @operation(
        "auth_password",
        "Change the password, and end every other token",
        answers={200: SignIn},
        body=PasswordChange,
        example={"current": "Lantern-Quartz-Orbit-51", "password": "Granite-Willow-Basket-72"},
        errors=[NO_PENDING_STEP, FRESH_SIGN_IN_REQUIRED, RATE_LIMITED],
        description="With two-step verification, call `auth/again` first. Returns the new token of this session.",
        method="POST",
        at_the_gate=True,
        tag=SAFETY,
    )
    def post(self, request: Request) -> Response:
        """Change the password."""
        user = self.user
        form = self.checked_by(
            PasswordChange, partial(ChangePasswordForm, user=user, password_context=password_context(user))
        )
        change_password(user=user, password=form.cleaned_data["password"], request=self.http)
        return sign_in_answer(request)


class Contacts(Endpoint):
    """`me/contacts`."""

    at_the_gate = True

    @operation("contacts", "List my contact points", answers={200: Contact(many=True)}, at_the_gate=True, tag=SAFETY)
    def get(self, request: Request) -> Response:
        """Answer with each contact field."""
        return Response(_present(self))


class ChangeContact(Endpoint):
    """`me/contacts/<field>`."""

    fresh_sign_in_for = ("POST",)
    limited_as = {"POST": "contact_change"}

    @operation(
        "contact_change",
        "Change a contact point; the old one stays in use until the new one is verified",
        answers={202: Contact(many=True)},
        body=ContactChange,
        example={"value": "+4915123456789"},
        errors=[FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED],
        parameters=[FIELD],
        method="POST",
        tag=SAFETY,
    )
    def post(self, request: Request, field: str) -> Response:
        """Send a code there."""
        if field not in {row.declared.key for row in contact_rows(self.subject.pk)}:
            raise Http404
        form = self.checked_by(ContactChange, partial(ContactForm, field=field, subject_id=self.user.subject_id))
        contact = change_contact_point(subject=self.subject, field=field, value=form.cleaned_data["value"])
        ask_to_verify(self.http, contact=contact, epoch=self.user.epoch)
        return Response(_present(self), status=202)


class SendContactCode(Endpoint):
    """`me/contacts/<field>/code`."""

    @operation(
        "contact_code",
        "Send a new code to a contact point that is not verified yet",
        answers={202: Contact(many=True)},
        errors=[NO_PENDING_STEP, NOT_FOUND, RATE_LIMITED],
        description="Only the token that requested the code can use it. Earlier codes of this token no longer work.",
        parameters=[FIELD],
        method="POST",
        tag=SAFETY,
    )
    def post(self, request: Request, field: str) -> Response:
        """Send a code."""
        contact = waiting_contact(self.subject.pk, field)
        if contact is None:
            raise Problem(NO_PENDING_STEP)
        ask_to_verify(self.http, contact=contact, epoch=self.user.epoch)
        return Response(_present(self), status=202)


class VerifyChangedContact(Endpoint):
    """`me/contacts/<field>/verify`."""

    @operation(
        "contact_verify",
        "Verify a changed contact point with its code, and notify the replaced one",
        answers={200: Contact(many=True)},
        body=CodeGiven,
        example={"code": "123456"},
        errors=[WRONG_CODE, NO_PENDING_STEP, NOT_FOUND, RATE_LIMITED],
        description="Only the token that requested the code can use it.",
        parameters=[FIELD],
        method="POST",
        tag=SAFETY,
    )
    def post(self, request: Request, field: str) -> Response:
        """Replace the contact point."""
        code, use = checked_code(self), f"{Code.Use.VERIFY}:{field}"
        with one_code_at_a_time(self.http):
            contact = waiting_contact(self.subject.pk, field)
            if contact is None and landed_before(self.http, use=use, digits=code) is None:
                raise Problem(NO_PENDING_STEP)
            if contact:
                replace_contact_point(self.http, contact=contact, digits=code)
                note_right_code(self.http, use=use, digits=code, former=None)
            return Response(_present(self))


def _present(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "field": row.declared.key,
            "value": row.contact.value if row.contact else None,
            "waiting": masked(row.waiting) if row.waiting else None,
        }
        for row in contact_rows(endpoint.subject.pk)
    ]
