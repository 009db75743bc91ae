"""The address of a guardian."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.inventory.typed import half_width
from privacy.notices.addresses import read_address


class AddressForm(forms.Form):
    """The address of a guardian: their own, or that of a second one."""

    address = forms.CharField(
        label=_("E-mail address or mobile number of the guardian"),
        max_length=254,
        help_text=_("A number with its country code, like +49 1512 3456789."),
        error_messages={"required": _("Enter an e-mail address or a mobile number.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_address(self) -> Any:
        """Return the address in its stored form."""
        typed = self.cleaned_data["address"]
        try:
            return read_address(channel="email" if "@" in half_width(typed) else "sms", text=typed, country="")
        except ValidationError as error:
            raise ValidationError(error.messages[0], error.code) from None


class InviteForm(AddressForm):
    """The address of a second guardian, which is data of somebody else (1.6 of the sample policy)."""

    may_give = forms.BooleanField(
        label=_("This is the other parent or guardian, and I may give you their address."),
        error_messages={"required": _("Confirm that you may give us this address.")},
    )
