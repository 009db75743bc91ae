"""The forms of signing in and recovering."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.logins import clean_contact, clean_login, rate_limit_names
from accounts.security_events.failed_sign_ins import judge_sign_in
from accounts.security_events.failures_in_a_row import Authenticator, judge
from accounts.sessions.known_devices import hold_device, known_device
from accounts.sign_in.backends import find_account
from accounts.tries.limits import consume, forgive, forgive_later
from accounts.tries.networks import network_of
from accounts.users.empty_fields import text_errors
from accounts.users.models import PASSWORD, User
from accounts.users.passwords import length_help
from privacy.inventory.code_field import CodeField

LOGIN, CONTACT = _("Username, phone number or e-mail address"), _("Phone number or e-mail address")


class PasswordField(forms.CharField):
    """A password as it was typed: not stripped; pasting is allowed."""

    def __init__(self, *, label: Any, autocomplete: str, **options: Any) -> None:
        options |= {"max_length": PASSWORD.max_length, "error_messages": text_errors(label)}
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label=label, strip=False, widget=widget, **options)


class LoginForm(forms.Form):
    """One field for username, phone number or e-mail address."""

    login = forms.CharField(
        label=LOGIN,
        error_messages=text_errors(LOGIN),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_login(self) -> str:
        """Refuse a national phone number without a known country."""
        return clean_login(self.cleaned_data["login"])


class SignInForm(LoginForm):
    """The login and the password."""

    password = PasswordField(label=_("Password"), autocomplete="current-password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Find the person. Known and unknown logins get the same answer in about the same time."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        consume("sign_in", network=network_of(self.request))
        account = find_account(cleaned["login"])
        subject_id = account.subject_id if account else None
        device = known_device(self.request, subject_id)
        who = {"device": str(device.pk)} if device else {"person": rate_limit_names(cleaned["login"])}
        consume("sign_in", **who)
        AuthenticationBackend.unstash_authenticated_user()
        found = authenticate(self.request, username=cleaned["login"], password=cleaned["password"], account=account)
        # allauth's flow leads a cancelled person to the page that undoes the cancellation.
        self.user = found or AuthenticationBackend.unstash_authenticated_user()  # type: ignore[assignment]
        if not judge_sign_in(subject_id, right=self.user is not None):
            self.user = None
            raise ValidationError(
                _("Your sign-in details are wrong. Try again, or reset your password."), "invalid_sign_in"
            )
        forgive_later(self.request, "sign_in", **who)
        hold_device(self.request, device)
        return cleaned


WRONG_CODE = _("This code is wrong or has expired. Check the latest message, or request a new code.")


class CodeForm(forms.Form):
    """The six digits of a message."""

    code = CodeField(help_text=_("The 6-digit code that we sent you."))


class RecoverForm(forms.Form):
    """Where to send a code, to recover the account or to sign in."""

    login = forms.CharField(
        label=CONTACT,
        error_messages=text_errors(CONTACT),
        help_text=_("Enter one that you have verified, not your username. We'll send a code to it."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_login(self) -> str:
        """Refuse a username, and a national phone number without a known country."""
        return clean_contact(self.cleaned_data["login"])


class NewPasswordForm(forms.Form):
    """A new password of an identified person."""

    password = PasswordField(label=_("New password"), autocomplete="new-password")

    def __init__(self, *args: Any, password_context: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password_context = password_context
        self.fields["password"].help_text = length_help(password_context)
        self.fields["password"].declared = PASSWORD  # type: ignore[attr-defined]

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.password_context)
        return str(self.cleaned_data["password"])


class PasswordForm(forms.Form):
    """The present password, for a fresh sign-in."""

    password = PasswordField(label=_("Password"), autocomplete="current-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a wrong password, and too many of them."""
        return _own_password(self.user, self.cleaned_data["password"])


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    current = PasswordField(label=_("Current password"), autocomplete="current-password")
    field_order = ["current", "password"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self) -> str:
        """Refuse a wrong password, and too many of them."""
        return _own_password(self.user, self.cleaned_data["current"])

    def clean(self) -> dict[str, Any]:
        """Refuse to keep a temporary password: another person chose it."""
        cleaned = super().clean() or {}
        has_temporary_password = self.user.temporary_password_until is not None
        if has_temporary_password and cleaned.get("password") and cleaned["password"] == cleaned.get("current"):
            raise ValidationError(
                {"password": ValidationError(_("Choose a password that is not your current one."), "same_password")}
            )
        return cleaned


def _own_password(user: User, typed: str) -> str:
    consume("fresh_sign_in", person=str(user.pk))
    if not judge(user.subject_id, Authenticator.PASSWORD, right=user.check_password(typed)):
        raise ValidationError(_("This password is wrong. Try again."), "wrong_password")
    forgive("fresh_sign_in", person=str(user.pk))
    return typed
