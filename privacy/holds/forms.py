"""The form that requests a legal hold."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
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
    until = forms.DateTimeField(help_text=_("For example 2027-01-31 00:00. The hold ends automatically."))

    def __init__(self, *args: Any, **options: Any) -> None:
        """Name the time zone in which the end is read."""
        super().__init__(*args, **options)
        self.fields["until"].label = gettext("Until (%(zone)s)") % {"zone": timezone.get_current_timezone_name()}

    def clean_subject(self) -> DataSubject:
        found = DataSubject.objects.filter(pk=self.cleaned_data["subject"]).first()
        if found is None:
            raise forms.ValidationError(_("No person has this number."), "unknown")
        return found

    def clean_legal_basis(self) -> str:
        """Refuse what the service would refuse."""
        return checked_legal_basis(self.cleaned_data["legal_basis"])

    def clean_until(self) -> datetime:
        """Refuse what the service would refuse."""
        until: datetime = self.cleaned_data["until"]
        try:
            check_end(until)
        except HoldRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        return until


def checked_legal_basis(basis: str) -> str:
    """Return a legal basis that `check_legal_basis` takes. Raises `ValidationError` with the words that begin an order.

    Free words are refused: they could hold a name, and evidence keeps them.
    """
    try:
        check_legal_basis(basis)
    except HoldRefused as refused:
        words = gettext("An order must begin with one of these words: %(acts)s.") % {"acts": ", ".join(ACTS)}
        raise forms.ValidationError([str(refused), words]) from None
    return basis
