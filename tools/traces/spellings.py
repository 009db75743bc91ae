"""The spellings of a value: normal forms, case, and separators of a phone number."""

import re
import unicodedata
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

SEPARATORS = str.maketrans("", "", " -./()\u00a0\u2011+")
FEWEST_DIGITS = 7
# Eight digits without separators occur by chance in the hexadecimal digits of sealed data.
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def spellings(value: str) -> set[str]:
    """Return all spellings of a value, including itself."""
    written = {value, *_numbers(value)}
    cased = {form for text in written for form in (text, text.lower(), text.upper(), text.casefold())}
    return {unicodedata.normalize(form, text) for text in cased for form in ("NFC", "NFD")} | cased


def _numbers(value: str) -> Iterator[str]:
    """Yield a telephone number with and without its separators and country code; nothing for another text."""
    digits = value.translate(SEPARATORS)
    if DATE.fullmatch(value) or not (digits.isascii() and digits.isdigit() and len(digits) >= FEWEST_DIGITS):
        return
    yield digits
    try:
        number = phonenumbers.parse(value, None)
    except NumberParseException:
        return
    yield from _formats(number)


def _formats(number: PhoneNumber) -> Iterator[str]:
    for style in (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL):
        written = phonenumbers.format_number(number, style)
        yield written
        yield written.replace(" ", "-")
        yield written.translate(SEPARATORS)
    national = phonenumbers.national_significant_number(number)
    if len(national) >= FEWEST_DIGITS:
        yield national
