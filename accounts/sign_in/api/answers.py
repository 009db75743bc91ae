"""Bodies, answers and problems that the endpoints of signing in share."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.contact_points.codes import CodeExpired, WrongCode
from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import ContactTaken, masked
from accounts.sessions.known_devices import new_device_token
from accounts.sessions.names import LONGEST_NAME, clean_session_name
from accounts.sessions.store import token_of
from accounts.sign_in.state import SignInState, sign_in_state
from accounts.sign_in.undo_cancellation import case_to_undo
from accounts.tries.limits import RateLimited
from privacy.rest.bodies import Body, Text
from privacy.rest.errors import answer_with
from privacy.rest.problems import RATE_LIMITED, WRONG_CODE, Problem, problem_type

WRONG_CREDENTIALS = problem_type(
    "wrong_credentials",
    422,
    _("Your sign-in details are wrong. Try again, or reset your password."),
)
ACCOUNT_CANCELLED = problem_type(
    "account_cancelled",
    403,
    _("This account is cancelled. To keep it, send `DELETE me/cancellation` with this `token` before `undo_until`."),
)
ACCOUNT_LOCKED = problem_type(
    "account_locked",
    403,
    _(
        "This account is locked, because someone reported that its owner did not make a recent change. "
        "Set a new password with a code of `auth/recover`."
    ),
)
TEMPORARY_PASSWORD_EXPIRED = problem_type(
    "temporary_password_expired",
    403,
    _("This temporary password has expired. Ask an administrator for a new one, or recover the account with a code."),
)
_REFUSALS = {"locked": ACCOUNT_LOCKED, "temporary_password_expired": TEMPORARY_PASSWORD_EXPIRED}

answer_with(RateLimited, lambda error: Problem(RATE_LIMITED, headers={"Retry-After": str(error.retry_after)}))
for wrong in (WrongCode, CodeExpired, ContactTaken):
    answer_with(wrong, lambda _error: Problem(WRONG_CODE))


class MaskedContact(serializers.Serializer):
    """A masked contact point, shown before its owner is verified."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(ContactPoint.Kind.values)
    masked = serializers.CharField()


class SignIn(serializers.Serializer):
    """The state of a sign-in."""

    token = serializers.CharField(
        allow_blank=True,
        help_text="Send it as `Authorization: Bearer`. It can change with each step. Empty if not signed in.",
    )
    signed_in = serializers.BooleanField()
    next = serializers.ChoiceField(
        ["verify_contact", "second_factor"], allow_null=True, help_text="The next step, or null if none is needed."
    )
    contact = MaskedContact(allow_null=True, help_text="Where we sent the code, if `next` is `verify_contact`.")
    others = MaskedContact(many=True, help_text="Other contact points that can be verified instead.")
    device = serializers.CharField(
        allow_blank=True,
        help_text="Store it safely, and send it as `device` with the next sign-in. Empty: keep the one you have.",
    )


class DeviceGiven(Body):
    """The secret of a known device."""

    device = Text(
        required=False,
        allow_blank=True,
        schema={"maxLength": 64},
        help_text="The `device` that an earlier sign-in on this device returned. A known device has limits of its own.",
    )


class SessionName(Text):
    """The name of a session, chosen by its app."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            schema={"maxLength": LONGEST_NAME},
            help_text="The name of this session in the list of sessions, such as `Maria's phone`.",
        )

    def to_internal_value(self, data: Any) -> str:
        """Return the name without invisible characters."""
        return clean_session_name(super().to_internal_value(data))


class SessionNamed(Body):
    """The name of the session that begins."""

    device_name = SessionName()


class CodeGiven(Body):
    """The 6-digit code of a message."""

    code = Text(schema={"pattern": "^[0-9]{6}$"}, help_text="The 6-digit code.")


class ContactChange(Body):
    """A new phone number or e-mail address."""

    value = Text(schema={"maxLength": 254}, help_text="A phone number with its country code, or an e-mail address.")


class LoginGiven(DeviceGiven):
    """The login that a code is requested for, and the device."""

    login = Text(schema={"maxLength": 254}, help_text="A verified phone number or e-mail address.")


SIGN_IN_EXAMPLE = {
    "token": "ppt_0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d",
    "signed_in": False,
    "next": "verify_contact",
    "contact": {"id": "6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55", "kind": "phone", "masked": "+49•••••••••89"},
    "others": [],
    "device": "",
}


def sign_in_answer(request: Request, status: int = 200) -> Response:
    """Answer with the state of this session's sign-in. Raises `Problem` where the account is cancelled or locked."""
    http = request._request
    state = sign_in_state(http)
    if state.may_undo and (case := case_to_undo(http)):
        raise Problem(ACCOUNT_CANCELLED, token=token_of(http), undo_until=case.due_at.isoformat())
    if state.refusal:
        raise Problem(_REFUSALS[state.refusal])
    more = {"token": token_of(http), "device": new_device_token(http)}
    return Response(_present(state) | more, status=status)


def _present(state: SignInState) -> dict[str, Any]:
    stage = state.stage
    return {
        "signed_in": state.user is not None,
        "next": state.next_step or None,
        "contact": _contact(stage.contact) if stage else None,
        "others": [_contact(other) for other in stage.waiting if other.pk != stage.contact.pk] if stage else [],
    }


def _contact(contact: ContactPoint) -> dict[str, Any]:
    return {"id": str(contact.pk), "kind": contact.kind, "masked": masked(contact)}
