"""The forms of moving: to which country, and the agreement to its policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.profiles.fields import CountryField
from accounts.users.empty_fields import choice_errors
from privacy.guardians.forms import BIRTH_FIELDS, AgeForm
from privacy.policies.models import PolicyVersion

COUNTRY = _("Country or region to which you move")


class DestinationForm(forms.Form):
    """Asks for the country."""

    country = CountryField(label=COUNTRY)

    def __init__(self, *args: Any, present: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present
        self.fields["country"].error_messages |= choice_errors(str(COUNTRY))

    def clean_country(self) -> str:
        """Refuse the present country."""
        country = str(self.cleaned_data["country"])
        if country == self.present:
            raise forms.ValidationError(_("This is your present country. Choose the one to which you move."), "same")
        return country


class MoveForm(AgeForm):
    """The agreement to the policy of the other country; the age question where its age is higher than the present one.

    Nothing of the age is stored. No box is ticked in advance (GDPR, recital 32).
    """

    agreed = forms.BooleanField(error_messages={"required": _("Tick the box if you agree, or stay where you are.")})
    policy = forms.CharField(required=False)
    language = forms.CharField(required=False)

    def __init__(self, *args: Any, version: PolicyVersion, asks_age: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_age = asks_age
        self.fields["agreed"].label = _("I have read version %(label)s and agree to it.") % {"label": version.label}
        if not asks_age:
            for name in BIRTH_FIELDS:
                del self.fields[name]

    @property
    def is_too_young(self) -> bool:
        """Whether a valid form says that a parent or guardian has to agree in the other country."""
        return self.asks_age and not self.age.is_reached
