"""The age question, and the form in which a child names a parent or guardian."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from privacy.guardians.ages import OLDEST, Age, Birth, DayNeeded, age_in
from privacy.inventory.typed import half_width, without_margin
from privacy.notices.addresses import read_address

BIRTH_FIELDS = ("birth_month", "birth_year", "birth_day")
DAY_NEEDED = ValidationError(_("Enter the day, too: the month alone is not enough."), "day_needed")
NO_SUCH_DAY = ValidationError(_("Enter a day that this month has, like 27."), "invalid_day")
LONGEST_NAME = 40
OPTIONAL_SECOND = _(
    "Optional: leave it empty to choose another proof on the next page. "
    "We write to it a day later, so that we know that the child did not answer for you."
)
NEEDED_SECOND = _(
    "Needed before the child can register; you can also name it later. "
    "We write to it a day later, so that we know that the child did not answer for you."
)
SALT, SIGNED_FOR = "privacy.guardians.age", dt.timedelta(hours=4)
# Letters of any script, with what stands between the parts of a name: no link, number or sentence fits in.
_NAME = re.compile(r"[^\W\d_]+(?:[ '’·-][^\W\d_]+)*\.?")


class BirthForm(forms.Form):
    """Asks for month and year of birth, and for the day only where these do not decide. Nothing of it is stored.

    `age` is the answer of a valid form. The country is a field of the form that extends this one.
    """

    birth_month = forms.ChoiceField(
        label=_("Month of birth"),
        choices=[("", "—"), *MONTHS.items()],
        error_messages={"required": _("Choose the month of your birth.")},
        widget=forms.Select(attrs={"autocomplete": "bday-month"}),
    )
    birth_year = forms.CharField(
        label=_("Year of birth"),
        max_length=20,
        error_messages={"required": _("Enter the year of your birth, like 1987.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "size": 6}),
    )
    birth_day = forms.CharField(
        label=_("Day of birth"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-day", "size": 4}),
    )
    age: Age

    @property
    def asks_for_day(self) -> bool:
        """Whether the page shows the field of the day."""
        return bool(self.data.get("birth_day") or self.has_error("birth_day")) if self.is_bound else False

    def clean_birth_year(self) -> int:
        """Return the year. Refuse one in the future, or too long ago for somebody alive."""
        year, this_year = _number(self.cleaned_data["birth_year"]), timezone.now().year
        if year is None or not this_year - OLDEST <= year <= this_year:
            raise ValidationError(_("Enter the year of your birth with four digits, like 1987."), "invalid_year")
        return year

    def clean_birth_day(self) -> int | None:
        """Return the day, or None."""
        typed = self.cleaned_data["birth_day"]
        if not typed:
            return None
        day = _number(typed)
        if day is None or not 1 <= day <= 31:  # noqa: PLR2004 - the longest month
            raise NO_SUCH_DAY
        return day

    def clean(self) -> dict[str, Any]:
        """Answer the age question."""
        cleaned = super().clean() or {}
        if not all(cleaned.get(name) for name in ("country", "birth_month", "birth_year")) or self.has_error(
            "birth_day"
        ):
            return cleaned
        birth = Birth(cleaned["birth_year"], int(cleaned["birth_month"]), cleaned.get("birth_day"))
        try:
            self.age = age_in(cleaned["country"], birth, timezone.now())
        except DayNeeded:
            self.add_error("birth_day", DAY_NEEDED)
        except ValueError:
            self.add_error("birth_day", NO_SUCH_DAY)
        return cleaned


class AgeForm(BirthForm):
    """The age question for a country that is known already."""

    country = forms.CharField()


class GuardianForm(forms.Form):
    """The address of a parent or guardian, and nothing of the child but what they are called in the message."""

    contact = forms.CharField(
        label=_("E-mail address or mobile number of your parent or guardian"),
        max_length=254,
        help_text=_("A number with its country code, like +49 1512 3456789."),
        error_messages={"required": _("Enter an e-mail address or a mobile number.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    called = forms.CharField(
        label=_("What your parent or guardian calls you"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Optional. The page that our message leads to shows it, so that they know who asks."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    message_language = forms.ChoiceField(label=_("Language of our message"), choices=settings.LANGUAGES)
    age = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("message_language", get_language() or "en")

    def clean_age(self) -> Age:
        """Return the answer to the age question, as this portal signed it."""
        try:
            return read_age(self.cleaned_data["age"])
        except signing.BadSignature:
            raise ValidationError(_("This page is too old. Begin again."), "too_old") from None

    def clean_called(self) -> str:
        """Return what the child is called."""
        return clean_called(self.cleaned_data["called"])

    def clean(self) -> dict[str, Any]:
        """Read the address as the kind that it looks like."""
        cleaned = super().clean() or {}
        country = cleaned["age"].country if cleaned.get("age") else ""
        return cleaned | _read_contact(self, cleaned.get("contact", ""), country)


def clean_called(text: str) -> str:
    """Return a name, or an empty text. Refuse what could pass for words of our own in the message to the guardian.

    Raises `ValidationError`.
    """
    typed = " ".join(without_margin(text).split())
    if typed and (len(typed) > LONGEST_NAME or not _NAME.fullmatch(typed)):
        raise ValidationError(_("Enter a name of letters only, or leave this empty."), "invalid_name")
    return typed


class SecondContactForm(forms.Form):
    """A second contact point of a guardian, and the statement that they are one."""

    contact = forms.CharField(
        label=_("A second e-mail address or mobile number of yours"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    is_guardian = forms.BooleanField(
        label=_("I am an adult, and the parent or guardian of this child."),
        error_messages={"required": _("To agree, confirm that you are an adult and the child's parent or guardian.")},
    )

    def __init__(self, *args: Any, country: str, proofs: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        # Without another proof that the jurisdiction takes, none is left but this one.
        self.fields["contact"].help_text = OPTIONAL_SECOND if len(proofs) > 1 else NEEDED_SECOND

    def clean(self) -> dict[str, Any]:
        """Read the address as the kind that it looks like."""
        cleaned = super().clean() or {}
        return cleaned | _read_contact(self, cleaned.get("contact", ""), self.country)


def signed_age(age: Age) -> str:
    """Return the day on which a child reaches the age, for the page that asks for a guardian: nothing stores it yet."""
    return signing.dumps([age.country, age.reached_on.isoformat() if age.reached_on else ""], salt=SALT)


def read_age(text: str) -> Age:
    """Return the answer that `signed_age` signed. Raises `BadSignature`."""
    country, reached_on = signing.loads(text, salt=SALT, max_age=SIGNED_FOR)
    return Age(country, dt.date.fromisoformat(reached_on))


def _read_contact(form: forms.Form, typed: str, country: str) -> dict[str, str]:
    """Return channel and address of what was typed; nothing where it is empty, or wrong, which is noted as an error."""
    if not typed:
        return {}
    channel = "email" if "@" in half_width(typed) else "sms"
    try:
        return {"channel": channel, "address": read_address(channel=channel, text=typed, country=country)}
    except ValidationError as error:
        form.add_error("contact", error)
    return {}


def _number(typed: str) -> int | None:
    digits = without_margin(half_width(typed))
    return int(digits) if digits.isdecimal() else None
