"""Phone numbers and e-mail addresses in their canonical form."""

import re
import unicodedata

import idna
import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.inventory.typed import half_width, without_margin
from privacy.notices.numbers import takes_sms

_NUMBER_SHAPE = re.compile(r"\+?[\d\s().\-/]+")
FEWEST_DIGITS = 6
EMAIL_ERROR = ValidationError(_("Enter an e-mail address, like name@example.com."), "invalid_email")
LONGEST_TYPED = 1000
CHINESE_EXAMPLE = "+86 138 0013 8000"
# For a country without an example of a mobile number.
EXAMPLE = "+44 7400 123456"
# Names of internal networks, and reserved names (RFC 2606, 6761, 6762, 7686, 8375; ICANN: internal).
INTERNAL_DOMAINS = {
    "arpa",
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
}
# A public host name ends in letters or in `xn--...`, never in a number as IP addresses do (RFC 3696, 2).
_PUBLIC_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+(?P<last>[a-z]{2,63}|xn--[a-z0-9-]+)")
_validate_email = EmailValidator(allowlist=[])


def example_phone(region: str | None) -> str:
    """Return how a mobile number of a region is written with its country code."""
    mobile = phonenumbers.PhoneNumberType.MOBILE
    if region == "CN":
        return CHINESE_EXAMPLE
    number = phonenumbers.example_number_for_type(region, mobile) if region else None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else EXAMPLE


def phone_help(region: str | None) -> str:
    """Return the help text of a phone number, with an example."""
    return gettext("Include the country code, like %(example)s.") % {"example": example_phone(region)}


def clean_phone(text: str, region: str | None = None) -> str:
    """Return in E.164 a number that an SMS is sent to; `region` (ISO 3166-1 alpha-2) reads one without country code.

    Raises `ValidationError`: `invalid_phone` unless the number is valid and of a kind that takes an SMS,
    `country_not_served` where `SMS_COUNTRIES` leaves its country out.
    """
    number = _valid_phone(text, region)
    if not takes_sms(number):
        raise ValidationError(
            _("We cannot send text messages to this kind of number. Enter a mobile number, like %(example)s."),
            "invalid_phone",
            {"example": example_phone(region)},
        )
    if settings.SMS_COUNTRIES and phonenumbers.region_code_for_number(number) not in settings.SMS_COUNTRIES:
        raise ValidationError(
            _("We do not send text messages to numbers in this country. Enter a number from another country."),
            "country_not_served",
        )
    return _e164(number)


def read_phone(text: str, region: str | None = None) -> str:
    """Return a valid number in E.164, of any kind: a person who registered with it may still sign in.

    Raises `ValidationError`.
    """
    return _e164(_valid_phone(text, region))


def read_typed(channel: str, text: str, country: str) -> str:
    """Return a typed address of a channel, `sms` or `email`, in its stored form. Raises `ValidationError`."""
    return clean_email(text) if channel == "email" else clean_phone(text, country or None)


def is_number_shaped(text: str) -> bool:
    """Whether a text looks like a phone number; no username does."""
    typed = without_margin(half_width(text))
    return _NUMBER_SHAPE.fullmatch(typed) is not None and sum(map(str.isdecimal, typed)) >= FEWEST_DIGITS


def clean_email(text: str) -> str:
    """Return an e-mail address with its domain in lower-case ASCII (RFC 5321, RFC 5891); raise `ValidationError`.

    Full-width letters and signs are read as ASCII, and invisible characters around it are removed.
    The domain is a public one. A quoted local part is refused: it may hold control characters, and is hardly used.
    """
    if len(text) > LONGEST_TYPED:  # the time to normalise a hostile text grows with the square of its length
        raise EMAIL_ERROR
    local, _at, domain = unicodedata.normalize("NFC", half_width(without_margin(text))).rpartition("@")
    try:
        # Non-transitional: "faß.de" is not "fass.de" (RFC 5891, UTS 46).
        domain = idna.encode(domain, uts46=True, std3_rules=True).decode()
        address = f"{local}@{domain}"
        _validate_email(address)
    except (UnicodeError, ValidationError):  # `IDNAError` is a `UnicodeError`
        raise EMAIL_ERROR from None
    if '"' in local or not _is_public(domain):
        raise EMAIL_ERROR
    if len(local) > 64 or len(address) > 254:  # noqa: PLR2004 - RFC 5321, 4.5.3.1
        raise EMAIL_ERROR
    return address


def _valid_phone(text: str, region: str | None) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise no_phone(region) from None
    if not phonenumbers.is_valid_number(number) or number.extension:  # no SMS reaches an extension
        raise no_phone(region)
    return number


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_public(domain: str) -> bool:
    found = _PUBLIC_DOMAIN.fullmatch(domain)
    return found is not None and found["last"] not in INTERNAL_DOMAINS


def no_phone(region: str | None) -> ValidationError:
    """Return the error for a text that is no phone number of a region."""
    said = _("Enter a phone number with its country code, like %(example)s.")
    return ValidationError(said, "invalid_phone", {"example": example_phone(region)})
