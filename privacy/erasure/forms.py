"""The form that looks up a receipt."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.erasure.models import ErasureCase
from privacy.subjects.references import new_reference, read_reference

UNKNOWN = _("There is no receipt with this reference. Check each character.")
# References of requests have the same form. Whether there is such a request is not said.
PERHAPS_REQUEST = _(
    "There is no receipt with this reference. Check each character. If it is that of a request, open the request by "
    "the link in our message, or sign in and open “Your requests” in the settings."
)
WHOLE = len(new_reference())


class ReferenceForm(forms.Form):
    """A reference as people copy it: any case, with or without the dashes."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=40,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_reference(self) -> str:
        """Return the reference in its own form, or say that there is none."""
        reference = read_reference(self.cleaned_data["reference"])
        if not ErasureCase.objects.filter(reference=reference).exists():
            raise ValidationError(PERHAPS_REQUEST if len(reference) == WHOLE else UNKNOWN, "unknown")
        return reference
