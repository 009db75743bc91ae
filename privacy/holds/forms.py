"""The form that asks for a legal hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.evidence.clock import database_now
from privacy.holds.exceptions import Exception17
from privacy.register.retention_classes import HOLDABLE_CLASSES
from privacy.subjects.models import DataSubject


class HoldForm(forms.Form):
    """Whose data, which of it, why and until when."""

    subject = forms.UUIDField(label=_("Person"), help_text=_("The number on the person's page, never a name."))
    exception = forms.ChoiceField(label=_("Exception of 1.7"), choices=[("", _("Choose")), *Exception17.choices])
    legal_basis = forms.RegexField(
        r"^[\w .,;:()/§-]{3,80}$",
        label=_("Legal basis"),
        help_text=_("An article or the number of an order, such as GDPR art. 17(3)(e). No names."),
    )
    classes = forms.MultipleChoiceField(
        label=_("What is kept"),
        choices=[(name.value, name.value) for name in HOLDABLE_CLASSES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what the exception needs: everything else is erased in time."),
    )
    until = forms.DateTimeField(label=_("Until (UTC)"), help_text=_("Such as 2027-01-31 00:00. It ends by itself."))

    def clean_subject(self) -> DataSubject:
        """Return the person."""
        found = DataSubject.objects.filter(pk=self.cleaned_data["subject"]).first()
        if found is None:
            raise forms.ValidationError(_("There is no person with this number."), "unknown")
        return found

    def clean_until(self) -> Any:
        """Refuse an end in the past."""
        if self.cleaned_data["until"] <= database_now():
            raise forms.ValidationError(_("The end of a hold lies ahead."), "past")
        return self.cleaned_data["until"]
