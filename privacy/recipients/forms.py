"""The form that registers a recipient, or changes one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.inventory.retention_classes import holdable_choices
from privacy.recipients.hosts import HostRefused, checked_url
from privacy.recipients.models import Recipient


class RecipientForm(forms.ModelForm):
    """Who holds data, where they are notified, and which classes they hold."""

    url = forms.CharField(
        label=_("Address"),
        max_length=300,
        help_text=_("The address of its webhook, such as https://devices.example/hooks/privacy."),
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )
    classes = forms.MultipleChoiceField(
        label=_("Data it holds"),
        choices=holdable_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("We notify it about this data only, and ask it to erase this data only."),
    )

    class Meta:
        model = Recipient
        fields = ("name", "url", "classes")

    def clean_url(self) -> str:
        """Refuse an address that must not be called."""
        url: str = self.cleaned_data["url"]
        try:
            checked_url(url)
        except HostRefused as refused:
            raise forms.ValidationError(str(refused), "refused") from None
        return url
