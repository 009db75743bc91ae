"""Which phone numbers take an SMS at a normal price, and the country of a number."""

import phonenumbers
from phonenumbers import PhoneNumberType

# Fixed lines are included: the metadata cannot tell which of them take messages, and many networks deliver them.
TAKE_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.FIXED_LINE}
# Every other kind is excluded. Premium numbers cost more than an SMS. Numbers of businesses (toll-free, shared cost,
# 400 in China, universal access), personal, VoIP, pager and voicemail numbers take none, or a service behind them
# does: they prove no device (NIST SP 800-63B-4, 3.1.3).
# libphonenumber's region of satellite networks and other services of no country: +800, +870, +881 to +883, +979.
NO_COUNTRY = "001"


def takes_sms(number: phonenumbers.PhoneNumber) -> bool:
    """Whether a valid number is of a kind that takes an SMS at a normal price."""
    if phonenumbers.region_code_for_number(number) in (None, NO_COUNTRY):
        return False
    return phonenumbers.number_type(number) in TAKE_SMS


def country_of(number: str) -> str:
    """Return the country (ISO 3166-1 alpha-2) of an E.164 number; empty where it has none."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return country if country and country != NO_COUNTRY else ""


def number_prefix(number: str) -> str:
    """Return what adjacent E.164 numbers share: all but the last four digits; empty for other text."""
    return number[:-4] if number.startswith("+") else ""
