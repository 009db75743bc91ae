"""The registration form, from the data inventory: one for each kind and country."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.profiles.fields import form_field
from accounts.profiles.forms import DeclaredFieldsForm
from accounts.users.passwords import PasswordContext
from privacy.inventory.purposes import optional_purposes
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.jurisdictions import Jurisdiction
from privacy.policies.models import PolicyVersion

SECRETS = ("password",)
# A password may contain a country name; and the password is not compared with itself.
NOT_COMPARED = ("password", "country", "time_zone")
# A refused value may be longer than any field.
MAX_COMPARED_LENGTH = 500


class CountryForm(forms.Form):
    """The first question: the country decides which policy applies and where data is stored."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declared = next(field for field in fields_for(kind) if field.key == "country")
        self.fields["country"] = form_field(declared, kind=kind, country="")


class FirstAnswersForm(DeclaredFieldsForm):
    """Personal fields with a new password among them."""

    def clean(self) -> dict[str, Any]:
        """Check the password against all other typed values, valid or not."""
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            typed = {field.key: cleaned.get(field.key) or self.data.get(field.key) for field in self.declared}
            own = [
                str(value)[:MAX_COMPARED_LENGTH] for key, value in typed.items() if value and key not in NOT_COMPARED
            ]
            try:
                validate_password(cleaned["password"], PasswordContext(own))  # type: ignore[arg-type]
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class CountrylessForm(FirstAnswersForm):
    """The checks that need no country, so that one answer has all errors."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_country = {"country", "registration_number"}
        if not str(self.data.get("phone", "")).strip().startswith(("+", "\uff0b")):
            by_country.add("phone")  # a national number may be right
        self.draw([field for field in fields_for(kind) if field.key not in by_country], kind=kind, country="")
        for box in ("age_confirmed", "agreed"):
            self.fields[box] = forms.BooleanField(error_messages={"required": _("Tick this box.")})


class RegistrationForm(FirstAnswersForm):
    """Every field of a kind, the age question, and the agreement to the shown text."""

    def __init__(
        self, *args: Any, kind: str, country: str, jurisdiction: Jurisdiction, version: PolicyVersion, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        country_first = sorted(fields_for(kind), key=lambda field: field.key != "country")
        self.draw(country_first, kind=kind, country=country)
        self.fields["time_zone"].widget.attrs["data-guess"] = "time-zone"
        self._add_age_question(jurisdiction.age_of_consent)
        self._add_agreement()

    def _add_age_question(self, age: int) -> None:
        self.fields["age_confirmed"] = forms.BooleanField(
            label=ngettext_lazy("I am %(age)d year old or older.", "I am %(age)d years old or older.", age)
            % {"age": age},
            error_messages={
                "required": _(
                    "If you are younger than %(age)d, a parent or guardian must agree first: ask them "
                    "to write to us at the address at the foot of this page. Until then, we store "
                    "nothing. If you are old enough, tick the box."
                )
                % {"age": age}
            },
        )

    def _add_agreement(self) -> None:
        self.fields["purposes"] = forms.MultipleChoiceField(
            label=_("Optional uses"),
            help_text=_("Not needed for an account. You can turn each one on or off at any time."),
            required=False,
            choices=[(purpose.key, purpose.in_words) for purpose in optional_purposes()],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["agreed"] = forms.BooleanField(
            label=_("I have read the privacy policy above, version %(label)s, and agree to it.")
            % {"label": self.version.label},
            error_messages={
                "required": _(
                    "Read the policy and tick the box if you agree. Without your consent, we can't create your account."
                )
            },
        )
        self.fields["policy"] = forms.CharField(widget=forms.HiddenInput, initial=self.version.digest)
        self.fields["language"] = forms.CharField(widget=forms.HiddenInput, initial=self.version.language)
        self.fields["submission"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
