"""The forms of second factors: allauth's checks, our words and limits."""

import struct
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.sign_in.limits import consume
from privacy.encryption.fields import blind_index


def _code_field(label: Any, help_text: Any) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input", "spellcheck": "false"}
    return forms.CharField(
        label=label, help_text=help_text, max_length=20, widget=forms.TextInput(attrs={**attributes, "id": "id_code"})
    )


class SetUpAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    code = _code_field(_("Code"), _("The 6 digits that the app shows now."))

    def clean_code(self) -> str:
        """Refuse a wrong code, and too many of them."""
        consume("second_factor", person=str(self.user.pk))
        return super().clean_code()


class _CodeForm(BaseAuthenticateForm):
    code = _code_field(_("Code"), _("The 6 digits that your app shows, or 8 digits of a recovery code."))

    def clean_code(self) -> str:
        """Refuse a wrong code, a used one, and too many of them."""
        consume("second_factor", person=str(self.user.pk))
        code = super().clean_code()
        # allauth forgets a used code after one step; it would count for as many as the tolerance allows.
        used = blind_index("".join(code.split()), f"second factor:{self.user.pk}").hex()
        if not cache.add(f"used:{used}", 1, timeout=app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)):
            raise ValidationError(_("This code was used already. Wait for the next."), "used_code")
        return code


class SecondFactorForm(_CodeForm, AuthenticateForm):
    """A code of the app, or a recovery code, as the second step of a sign-in."""


class FreshSecondFactorForm(_CodeForm, ReauthenticateForm):
    """A code of the app, or a recovery code, to prove again who one is."""


class _WellFormedForm(forms.Form):
    """Refuses an answer that no passkey gave, where the library would stumble over it."""

    def full_clean(self) -> None:
        """Check the answer."""
        try:
            super().full_clean()
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, struct.error):
            self.add_error(None, ValidationError(_("This is no passkey's answer."), "malformed"))


class PasskeySignInForm(_WellFormedForm, LoginWebAuthnForm):
    """A passkey instead of a password."""


class AddPasskeyForm(_WellFormedForm, AddWebAuthnForm):
    """A new passkey."""


class _PasskeyForm(_WellFormedForm, AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        """Refuse a wrong passkey, and too many tries."""
        consume("second_factor", person=str(self.user.pk))
        return super().clean_credential()


class SecondPasskeyForm(_PasskeyForm):
    """A passkey as the second step of a sign-in."""


class FreshPasskeyForm(_PasskeyForm, ReauthenticateWebAuthnForm):
    """A passkey, to prove again who one is."""

    reauthenticated = True
