"""Which phone numbers take an SMS at a normal price, and which country they belong to."""

import phonenumbers
from phonenumbers import PhoneNumberType

# Fixed lines stay in: the metadata cannot tell which of them read messages, and many networks do.
TAKE_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.FIXED_LINE}
# Business numbers that take an SMS at a normal price: text-enabled toll-free numbers of North America, 400 of China.
# Elsewhere such numbers take none. Premium, personal, VoIP, pager and voicemail numbers are out: they cost more than
# an SMS, or prove no device (NIST SP 800-63B-4, 3.1.3).
TAKE_SMS_BY_COUNTRY = {(1, PhoneNumberType.TOLL_FREE), (86, PhoneNumberType.SHARED_COST)}
# libphonenumber's region of satellite networks and other services of no country: +800, +870, +881 to +883, +979.
NO_COUNTRY = "001"


def takes_sms(number: phonenumbers.PhoneNumber) -> bool:
    """Whether a valid number is of a kind that takes an SMS at a normal price."""
    if phonenumbers.region_code_for_number(number) in (None, NO_COUNTRY):
        return False
    kind = phonenumbers.number_type(number)
    return kind in TAKE_SMS or (number.country_code, kind) in TAKE_SMS_BY_COUNTRY


def country_of(number: str) -> str:
    """Return the country (ISO 3166-1 alpha-2) of an E.164 number; empty where it has none."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return country if country and country != NO_COUNTRY else ""


def number_prefix(number: str) -> str:
    """Return what neighbours of an E.164 number share: all but the last four digits; empty for other text."""
    return number[:-4] if number.startswith("+") else ""
