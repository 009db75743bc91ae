"""The field of a six-digit code that a message brought."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.inventory.typed import DIGITS, code_in

NO_CODE = _("Enter the 6-digit code.")
# Space for a whole message that is pasted.
LONGEST_MESSAGE = 500


class CodeField(forms.CharField):
    """Takes six digits, of any script, also from a whole message; phones and browsers offer the code."""

    widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "class": "code-input",
            "spellcheck": "false",
        }
    )

    def __init__(self, **options: Any) -> None:
        errors = {"required": NO_CODE}
        super().__init__(label=_("Code"), error_messages=errors, max_length=LONGEST_MESSAGE, **options)

    def clean(self, value: Any) -> str:
        """Return the six digits."""
        digits = code_in(str(super().clean(value)), DIGITS)
        if digits is None:
            raise ValidationError(NO_CODE, "invalid_code")
        return digits
