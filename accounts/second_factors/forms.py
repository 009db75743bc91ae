"""The forms of second factors: allauth's checks with the portal's texts and limits."""

import struct
from collections.abc import Callable
from typing import Any

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.second_factors.ceremonies import Ceremony, answered_ceremony, has_known_algorithm, is_user_verified
from accounts.security_events.failures_in_a_row import Authenticator, judge
from accounts.security_events.models import SecurityEvent
from accounts.security_events.services import record_event
from accounts.sessions.known_devices import known_device
from accounts.tries.limits import consume, forgive
from accounts.users.models import User
from privacy.encryption.fields import blind_index
from privacy.inventory.typed import DIGITS, ascii_digits

# The errors of fido2 and its parsers; `RuntimeError` for an unknown kind of key, and for data nested too deeply.
_UNEXPECTED = (AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error)


def _code_field(label: Any, help_text: Any) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input", "spellcheck": "false"}
    return forms.CharField(
        label=label, help_text=help_text, max_length=20, widget=forms.TextInput(attrs={**attributes, "id": "id_code"})
    )


def _letters_and_digits(text: str) -> str:
    """Return a code without blanks and punctuation, its digits as ASCII."""
    return "".join(character for character in ascii_digits(text) if character.isalnum())


WRONG_FIRST_CODE = _("This code is wrong. Enter the code that your app shows now for this account.")


class SetUpAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    code = _code_field(_("Code"), _("The 6-digit code that the app shows now."))

    def clean_code(self) -> str:
        """Refuse a wrong code, and too many of them."""
        consume("set_up_app", person=str(self.user.pk))
        try:
            return super().clean_code()
        except ValidationError as error:
            raise ValidationError(WRONG_FIRST_CODE, error.code) from None


class _CodeForm(BaseAuthenticateForm):
    code = _code_field(_("Code"), _("The 6-digit code from your app, or an 8-digit recovery code."))

    def clean_code(self) -> str:
        """Refuse a wrong code, a used one, and too many of them."""
        # allauth strips blanks and punctuation: it must check the same text as is recorded here as used.
        typed = self.cleaned_data["code"] = _letters_and_digits(self.cleaned_data["code"])
        asked = Authenticator.APP if len(typed) == DIGITS else Authenticator.RECOVERY_CODES
        return str(_judged(self.user, asked, self._unused_code))

    def _unused_code(self) -> str:
        code = super().clean_code()
        # allauth forgets a used code after one step; the tolerance would accept it again.
        used = blind_index(code, f"second factor:{self.user.pk}").hex()
        lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        # In the table cache: after a restart of Redis the code would be accepted again.
        if not caches["database"].add(f"used:{used}", 1, timeout=lasts):
            raise ValidationError(_("This code has already been used. Wait for the next one."), "used_code")
        return code


class SecondFactorForm(_CodeForm, AuthenticateForm):
    """A code of the app, or a recovery code, as the second step of a sign-in."""


class FreshSecondFactorForm(_CodeForm, ReauthenticateForm):
    """A code of the app, or a recovery code, for a fresh sign-in."""


def _answered(ceremony: Ceremony, user: User | None, check: Callable[[], Any]) -> Any:
    """Return what allauth's check of a passkey response returns, if this session's challenge is for such an answer.

    An error of the parsers means a wrong answer, not an error of the portal.
    """
    try:
        with answered_ceremony(context.request, ceremony, user):
            return check()
    except _UNEXPECTED:
        raise get_adapter().validation_error("incorrect_code") from None


def _judged(user: User, asked: Authenticator, check: Callable[[], Any]) -> Any:
    """Return the result of a check; count a refusal, and refuse where the authenticator failed too often."""
    device = known_device(context.request, user.subject_id)
    who = {"device": str(device.pk)} if device else {"person": str(user.pk)}
    consume("second_factor", **who)
    try:
        found = check()
    except ValidationError:
        judge(user.subject_id, asked, right=False)
        raise
    if not judge(user.subject_id, asked, right=True):
        record_event(user.subject_id, SecurityEvent.Kind.SIGN_IN_FAILED)
        raise get_adapter().validation_error("incorrect_code")
    forgive("second_factor", **who)
    return found


class CredentialField(forms.JSONField):
    """The answer of a browser to a challenge of a passkey. JSON that is nested too deeply is an error of the field."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return nothing to show again: a browser answers each challenge separately."""
        return None


class AddPasskeyForm(AddWebAuthnForm):
    """The passkey that a browser just made."""

    credential = CredentialField()

    def clean(self) -> Any:
        """Refuse an invalid answer, one without a challenge of this session, and a key of an unknown algorithm."""
        cleaned = _answered(Ceremony.ADD, self.user, super().clean)
        if cleaned.get("credential") and not has_known_algorithm(cleaned["credential"]):
            raise get_adapter().validation_error("incorrect_code")
        return cleaned


class SignInPasskeyForm(LoginWebAuthnForm):
    """A passkey instead of a password."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        """Refuse a wrong passkey, and one that did not verify its user: it is the only factor of such a sign-in."""
        credential, check = self.cleaned_data["credential"], super().clean_credential
        passkey = _answered(Ceremony.SIGN_IN, None, check)
        if not is_user_verified(credential):
            raise get_adapter().validation_error("incorrect_code")
        return passkey


class SecondPasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second step of a sign-in."""

    credential = CredentialField()
    ceremony = Ceremony.SECOND_STEP

    def clean_credential(self) -> Any:
        """Refuse a wrong passkey, and too many tries."""
        check = super().clean_credential
        return _judged(self.user, Authenticator.PASSKEY, lambda: _answered(self.ceremony, self.user, check))


class FreshPasskeyForm(SecondPasskeyForm):
    """A passkey, for a fresh sign-in."""

    ceremony = Ceremony.AGAIN
    reauthenticated = True
