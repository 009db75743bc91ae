"""The form that renames a device or a passkey."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.sessions.names import LONGEST_NAME, clean_session_name

NO_NAME = _("Enter a name, such as “My phone”.")


class NameForm(forms.Form):
    """One name, on one line."""

    name = forms.CharField(
        label=_("New name"),
        help_text=format_lazy(_("Only you see it. At most {max} characters."), max=LONGEST_NAME),
        error_messages={"required": NO_NAME},
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """Return the name without invisible characters."""
        name = clean_session_name(str(self.cleaned_data["name"]))
        if not name:
            raise ValidationError(NO_NAME, "required")
        return name
