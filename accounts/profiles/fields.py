"""Form fields from the data inventory: label, mark, reason and check come from the declaration."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.contact_points.parsing import clean_email, clean_phone, phone_help
from accounts.profiles.countries import all_zones, clean_time_zone
from accounts.profiles.enterprises import number_help
from accounts.profiles.long_lists import LongSelect, country_options, zone_option, zone_options
from accounts.profiles.terms import FULL_DATE, TermField, term_in_words
from accounts.profiles.texts import clean_text
from accounts.profiles.zone_names import zone_label
from accounts.sign_in.forms import PasswordField
from accounts.users.empty_fields import choice_errors, text_errors
from accounts.users.passwords import length_help
from accounts.users.usernames import clean_username
from privacy.inventory.declarations import PersonalField
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.country_names import country_name
from privacy.jurisdictions.time_zones import zones_of_country

AUTOCOMPLETE = {
    "name": "name",
    "username": "username",
    "phone": "tel",
    "company_name": "organization",
    "country": "country",
    "email": "email",
    "enterprise_name": "organization",
    "business_address": "street-address",
    "enterprise_email": "email",
}
LONG_TEXTS = ("business_area", "business_address")


class CleanedField(forms.CharField):
    """Text that a function checks and turns into its canonical form."""

    def __init__(self, clean: Any, **options: Any) -> None:
        self.clean_text = clean
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        """Return the canonical text; white space alone is empty."""
        text = super().to_python(value)
        return self.clean_text(text) if text and text.strip() else ""


class CountryField(forms.ChoiceField):
    """A country or region, in the reader's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=LongSelect(lambda: country_options(get_language() or "en")), **options)

    def valid_value(self, value: Any) -> bool:
        """Whether the country exists, without building the list of names."""
        return is_country(str(value))


class TimeZoneField(forms.ChoiceField):
    """A time zone; those of the person's country first."""

    def __init__(self, *, country: str, **options: Any) -> None:
        self.country, self.stored = country, ""
        super().__init__(widget=LongSelect(self._options), **options)

    def keep(self, zone: str) -> None:
        """Add a stored zone that the list may lack, such as `Etc/GMT+5`."""
        self.stored = zone

    def to_python(self, value: Any) -> str:
        """Return the canonical name of a zone or of one of its aliases."""
        text = super().to_python(value)
        return clean_time_zone(text) if text else ""

    def validate(self, value: Any) -> None:
        """Require a value; `to_python` has checked it."""
        forms.Field.validate(self, value)

    def _options(self) -> SafeString:
        listed = zone_options(get_language() or "en", self.country, timezone.now().date())
        is_listed = not self.stored or self.stored in zones_of_country(self.country) or self.stored in all_zones()
        return listed if is_listed else listed + zone_option(self.stored)


def form_field(declared: PersonalField, *, kind: str, country: str) -> forms.Field:
    """Return the form field of a declared personal field, for a kind of registration and a country."""
    field = _field(declared, country)
    field.label = str(declared.label)
    field.required = declared.is_required_for(kind, country)
    field.widget.is_required = field.required
    if not isinstance(field, forms.DateField):
        is_chosen = isinstance(field, CountryField | TimeZoneField)
        field.error_messages |= choice_errors(field.label) if is_chosen else text_errors(field.label)
    field.declared = declared  # type: ignore[attr-defined]
    if declared.key in AUTOCOMPLETE:
        field.widget.attrs["autocomplete"] = AUTOCOMPLETE[declared.key]
    return field


def in_words(key: str, value: Any) -> str:
    """Return a checked value of a field as text in the reader's language; empty where there is none."""
    match key:
        case "country":
            return country_name(str(value or ""))
        case "business_period_start" | "business_period_end":
            return term_in_words(value)
        case "time_zone":
            return zone_label(str(value), timezone.now().date()) if value else ""
        case _:
            return str(value or "")


def _field(declared: PersonalField, country: str) -> forms.Field:
    match declared.key:
        case "password":
            return PasswordField(label=declared.label, autocomplete="new-password", help_text=length_help())
        case "country":
            return CountryField()
        case "time_zone":
            return TimeZoneField(country=country)
        case "business_period_end":
            return TermField()
        case "business_period_start":
            return forms.DateField(
                input_formats=[FULL_DATE], widget=forms.DateInput(attrs={"type": "date"}, format=FULL_DATE)
            )
        case _:
            return CleanedField(_check(declared, country), widget=_widget(declared), help_text=_help(declared, country))


def _check(declared: PersonalField, country: str) -> Any:
    match declared.key:
        case "username":
            return clean_username
        case "phone":
            return lambda text: clean_phone(text, country)
        case "email" | "enterprise_email":
            return clean_email
        case "registration_number":
            return str
        case key:
            return lambda text: clean_text(text, max_length=declared.max_length, lines=key in LONG_TEXTS)


def _help(declared: PersonalField, country: str) -> str:
    match declared.key:
        case "phone":
            return phone_help(country)
        case "registration_number":
            return number_help(country)
        case _:
            return ""


def _widget(declared: PersonalField) -> forms.Widget:
    match declared.key:
        case "phone":
            return forms.TextInput(attrs={"type": "tel"})
        case "email" | "enterprise_email":
            return forms.TextInput(attrs={"type": "email"})
        case key if key in LONG_TEXTS:
            return forms.Textarea(attrs={"rows": 3})
        case "username":
            return forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"})
        case _:
            return forms.TextInput()


__all__ = ["CleanedField", "CountryField", "TimeZoneField", "ValidationError", "form_field", "in_words"]
