"""The form that asks for a legal hold."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from privacy.evidence.clock import database_now
from privacy.holds.exceptions import Exception17
from privacy.holds.legal_basis import ACTS, LONGEST, is_legal_basis
from privacy.register.retention_classes import HOLDABLE_CLASSES
from privacy.subjects.models import DataSubject


class HoldForm(forms.Form):
    """Whose data, which of it, why and until when."""

    subject = forms.UUIDField(label=_("Person"), help_text=_("The number on the person's page, never a name."))
    exception = forms.ChoiceField(label=_("Exception of 1.7"), choices=[("", _("Choose")), *Exception17.choices])
    legal_basis = forms.CharField(
        max_length=LONGEST,
        label=_("Legal basis"),
        help_text=_(
            "A law and its article, or an act of an authority and its number: GDPR art. 17(3)(e), Law 87/2018 art. 3, "
            "Order 12/2026, Court order 12 K 345/2026. It stands in receipts for ever: no name, no number of a person."
        ),
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

    def clean_legal_basis(self) -> str:
        """Refuse whatever is not a reference to a law or an order."""
        basis: str = self.cleaned_data["legal_basis"]
        if not is_legal_basis(basis):
            raise forms.ValidationError(
                _("Write a law and its article, or one of these words and a number: %(acts)s."),
                "no_basis",
                {"acts": ", ".join(ACTS)},
            )
        return basis

    def clean_until(self) -> Any:
        """Refuse an end in the past, or too far ahead."""
        until, now = self.cleaned_data["until"], database_now()
        if until <= now:
            raise forms.ValidationError(_("The end of a hold lies ahead."), "past")
        if until > now + settings.LONGEST_HOLD:
            raise forms.ValidationError(
                _("A hold lasts %(days)s days at most. Before it ends, ask for another."),
                "too_long",
                {"days": settings.LONGEST_HOLD.days},
            )
        return until
