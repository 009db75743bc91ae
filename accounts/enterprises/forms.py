"""The forms of an enterprise: an invitation, a role, an answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.enterprises.roles import Role
from accounts.licences.forms import LicenceForm
from privacy.inventory.typed import half_width
from privacy.notices.addresses import read_address


class RoleForm(forms.Form):
    """The new role of a member; no one becomes an owner without agreeing."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(Role.MEMBER, Role.MEMBER.label), (Role.ADMINISTRATOR, Role.ADMINISTRATOR.label)]
    )


class InvitationForm(forms.Form):
    """Whom an owner invites, and as what."""

    address = forms.CharField(
        label=_("E-mail address or mobile number"),
        max_length=254,
        help_text=_("A number with its country code, like +49 1512 3456789."),
        error_messages={"required": _("Enter an e-mail address or a mobile number.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role, role.label) for role in (Role.MEMBER, Role.ADMINISTRATOR, Role.OWNER)],
        help_text=_(
            "Members see the data of the enterprise. Administrators also correct it. Owners also see and change who "
            "is a member."
        ),
    )

    def clean_address(self) -> Any:
        """Return the address in its stored form."""
        typed = self.cleaned_data["address"]
        try:
            return read_address(channel="email" if "@" in half_width(typed) else "sms", text=typed, country="")
        except ValidationError as error:
            raise ValidationError(error.messages[0], error.code) from None


class EnterpriseLicenceForm(LicenceForm):
    """The licence of the enterprise, handed in by a member."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].label = _("Business licence")


class OfferForm(forms.Form):
    """Whether the offering owner stays one."""

    hands_over = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    """Whether the person agrees."""

    agrees = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes")
