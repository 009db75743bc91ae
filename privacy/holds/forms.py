"""The form that requests a legal hold."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.holds.legal_basis import ACTS, LONGEST
from privacy.holds.services import HoldRefused, check_end, check_legal_basis
from privacy.inventory.retention_classes import holdable_choices
from privacy.policies.grounds import RetentionGround
from privacy.subjects.models import DataSubject


class HoldForm(forms.Form):
    """The person, the retention classes, the grounds and the end of a hold."""

    subject = forms.UUIDField(label=_("Person"), help_text=_("The number on the person's page. Do not enter a name."))
    exception = forms.ChoiceField(label=_("Why it is kept"), choices=[("", _("Choose")), *RetentionGround.choices])
    legal_basis = forms.CharField(
        max_length=LONGEST,
        label=_("Legal basis"),
        help_text=_(
            "A law and its article, or an authority's order and its number: GDPR art. 17(3)(e), Law "
            "87/2018 art. 3, Order 12/2026, Court order 12 K 345/2026. It stays on receipts "
            "permanently, so do not enter a name or a person's number."
        ),
    )
    classes = forms.MultipleChoiceField(
        label=_("What is kept"),
        choices=holdable_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what this ground requires. Everything else is erased on time."),
    )
    until = forms.DateTimeField(
        label=_("Until (UTC)"), help_text=_("For example 2027-01-31 00:00. The hold ends automatically.")
    )

    def clean_subject(self) -> DataSubject:
        found = DataSubject.objects.filter(pk=self.cleaned_data["subject"]).first()
        if found is None:
            raise forms.ValidationError(_("No person has this number."), "unknown")
        return found

    def clean_legal_basis(self) -> str:
        """Refuse what the service would refuse, and list the words that an act may begin with."""
        basis: str = self.cleaned_data["legal_basis"]
        try:
            check_legal_basis(basis)
        except HoldRefused as refused:
            words = gettext("An order must begin with one of these words: %(acts)s.") % {"acts": ", ".join(ACTS)}
            raise forms.ValidationError([str(refused), words]) from None
        return basis

    def clean_until(self) -> datetime:
        """Refuse what the service would refuse."""
        until: datetime = self.cleaned_data["until"]
        try:
            check_end(until)
        except HoldRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        return until
