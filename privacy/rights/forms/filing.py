"""The form of five fields with which staff file what came by letter, phone or mail; it checks rows of a file, too."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.evidence.clock import database_now
from privacy.inventory.value_labels import value_label
from privacy.jurisdictions.country_codes import country_codes
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country
from privacy.notices.addresses import read_address
from privacy.policies.grounds import DeletionGround
from privacy.rights.choices import About, Channel, Contact, Right
from privacy.rights.services import OLDEST_RECEIPT, Asked, Asker
from privacy.rights.staff.words import ABOUT

MOST_WORDS, LONGEST_ADDRESS = 20_000, 500
BY_STAFF = (Channel.LETTER, Channel.PHONE, Channel.EMAIL)
# In mainland China people are answered in Chinese, elsewhere in English, unless staff know better.
CHINESE, OTHERS = "zh-hans", "en"


def _countries() -> list[tuple[str, str]]:
    named = sorted(((code, value_label("country", code)) for code in country_codes()), key=lambda each: each[1])
    return [("", gettext("Choose")), *named]


class FilingForm(forms.Form):
    """What is asked for, how and when it came, how the person is reached, and where they are."""

    rights = forms.MultipleChoiceField(
        label=_("What is asked for"), choices=Right.choices, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(
        label=_("How it reached us"), choices=[("", _("Choose")), *((each.value, each.label) for each in BY_STAFF)]
    )
    received_at = forms.DateTimeField(
        help_text=_("When it reached us, not when you file it: the time for the answer counts from then.")
    )
    reach = forms.CharField(
        label=_("How we reach the person"),
        max_length=LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("An e-mail address, a phone number with its country code, or the lines of a letter."),
    )
    country = forms.ChoiceField(label=_("Country or region"), choices=_countries)
    about = forms.ChoiceField(
        label=_("Whose data"), required=False, initial=About.SELF, choices=list(ABOUT.items()), widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(
        label=_("Ground of a deletion"), required=False, choices=[("", _("Choose")), *DeletionGround.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("The language of the country")), *settings.LANGUAGES],
        help_text=_("The language in which we write to the person."),
    )
    text = forms.CharField(
        label=_("What the person wrote"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Name the time zone in which the receipt is read."""
        super().__init__(*args, **options)
        zone = timezone.get_current_timezone_name()
        self.fields["received_at"].label = gettext("Received (%(zone)s)") % {"zone": zone}

    def clean_received_at(self) -> dt.datetime:
        """Refuse a receipt in the future, and one of long ago."""
        received_at: dt.datetime = self.cleaned_data["received_at"]
        now = database_now()
        if received_at > now:
            raise ValidationError(gettext("Enter a time in the past."), "future")
        if received_at < now - OLDEST_RECEIPT:
            raise ValidationError(gettext("Enter a time of the last three years."), "old")
        return received_at

    def clean_country(self) -> str:
        """Refuse a country whose data another site stores."""
        country: str = self.cleaned_data["country"]
        if not jurisdiction_of_country(country).is_stored_here:
            raise ValidationError(gettext("Another site stores the data of this country. File the request there."))
        return country

    def clean(self) -> dict[str, Any]:
        """Read the address, and see that a deletion has its ground."""
        given = super().clean() or {}
        if "country" in given and "reach" in given:
            try:
                given["contact"], given["address"] = read_reach(given["reach"], given["country"])
            except ValidationError as error:
                self.add_error("reach", error)
        if Right.DELETION in given.get("rights", ()) and not given.get("ground"):
            self.add_error("ground", gettext("Choose the ground of the deletion."))
        return given

    def asked(self) -> list[Asked]:
        """Return the items of a valid form. The words belong to each of them."""
        given = self.cleaned_data
        return [
            Asked(right, given["text"], given["ground"] if right == Right.DELETION else "") for right in given["rights"]
        ]

    def asker(self) -> Asker:
        """Return who asks, of a valid form."""
        given = self.cleaned_data
        is_chinese = jurisdiction_of_country(given["country"]).code == "cn"
        language = given["language"] or (CHINESE if is_chinese else OTHERS)
        about = given["about"] or About.SELF
        return Asker(given["country"], language, given["contact"], given["address"], about=about)


def read_reach(text: str, country: str) -> tuple[str, str]:
    """Return how a person is reached, and their address in its stored form. Raises `ValidationError`.

    One line with @ is an e-mail address, one that begins as a number a phone; everything else are lines of a letter.
    """
    typed = text.strip()
    if "\n" not in typed and "@" in typed:
        return Contact.EMAIL, read_address(channel=Contact.EMAIL, text=typed, country=country)
    if "\n" not in typed and (typed.startswith("+") or typed.replace(" ", "").isdigit()):
        return Contact.SMS, read_address(channel=Contact.SMS, text=typed, country=country)
    return Contact.POST, typed
