"""Registration numbers of enterprises: China's credit code and organisation code, and those of other countries."""

import re
import unicodedata
from dataclasses import dataclass

import stdnum.exceptions
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy
from stdnum.cn import uscc

from accounts.profiles.company_numbers import NumberKind, Verdict, read_number
from accounts.profiles.company_registers import COUNTRIES
from accounts.profiles.declarations import REGISTRATION_NUMBER
from accounts.profiles.texts import clean_text
from privacy.inventory.typed import is_ignorable

_LABEL = re.compile(r"^[^0-9A-Za-z]{2,20}[:：]")
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
# GB 11714-1997: each of the first eight characters counts this often; the ninth makes the sum a multiple of 11.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


# The number is accepted once the person confirms that the licence or the register has it.
CONFIRMABLE = {
    "checksum_mismatch": gettext_lazy(
        "The check digit of this number is wrong. Compare the number with the licence. If the licence "
        "shows this number, confirm that below."
    ),
    "unknown_shape": gettext_lazy(
        "We do not recognise this kind of number for this country. Compare it with the licence or the "
        "company register. If it is right, confirm that below."
    ),
}
_CODES = {Verdict.CHECK_DIGIT_FAILS: "checksum_mismatch", Verdict.UNKNOWN_SHAPE: "unknown_shape"}
# More than any number has: the time to normalise a text grows with the square of its length.
MOST_TYPED = 1000


@dataclass(frozen=True)
class RegistrationNumber:
    """A number and its kind; staff compare it with the licence where `needs_review`."""

    value: str
    kind: NumberKind = NumberKind.REGISTER
    needs_review: bool = False


def number_help(country: str) -> str:
    """Return the help text of the registration number, with an example of the country where one is known."""
    if country == "CN":
        return gettext("18 digits and capital letters, or a 9-character organisation code.")
    if country not in COUNTRIES:
        return gettext("As it is printed on the licence or in the company register.")
    said = gettext(
        "As it is printed on the licence or in the company register, such as %(example)s. You can also "
        "enter a VAT number with its country code (%(country)s)."
    )
    return said % {"example": COUNTRIES[country].example, "country": "EL" if country == "GR" else country}


def clean_registration_number(text: str, country: str, *, confirmed: bool = False) -> RegistrationNumber:
    """Return the registration number of an enterprise: a Chinese code in canonical form, others as typed.

    Raises `ValidationError`: `checksum_mismatch` for a failing check digit and, outside of mainland China,
    `unknown_shape` for a number that its country's registers do not have, unless the person `confirmed` that the
    licence or the register has it. Three real companies' codes fail the official checksum, and no list of registers
    is complete. Raises `invalid` for a text that is no number, and in mainland China for every other shape.
    """
    typed = "".join(character for character in text[:MOST_TYPED] if not is_ignorable(character))
    if country == "CN":
        value, fits = _chinese(unicodedata.normalize("NFKC", typed).strip())
        kind, verdict = NumberKind.REGISTER, Verdict.FITS if fits else Verdict.CHECK_DIGIT_FAILS
    else:
        value = clean_text(re.sub(r"\s+", " ", typed), max_length=REGISTRATION_NUMBER.max_length)
        if not any(character.isalnum() for character in value):
            raise _invalid()
        kind, verdict = read_number(value, country)
    if verdict is not Verdict.FITS and not confirmed:
        raise ValidationError(CONFIRMABLE[_CODES[verdict]], _CODES[verdict])
    return RegistrationNumber(value, kind, needs_review=verdict is not Verdict.FITS)


def _chinese(text: str) -> tuple[str, bool]:
    """Read a Unified Social Credit Code (GB 32100-2015), or an organisation code (GB 11714-1997).

    Return the code and whether its check digit fits. Raises `ValidationError` for another shape.
    """
    number = re.sub(r"[\s\-]", "", _LABEL.sub("", text)).upper()
    if _ORGANISATION_CODE.fullmatch(number):
        return number, _organisation_digit(number) == number[8]
    try:
        return uscc.validate(number), True
    except stdnum.exceptions.InvalidChecksum:
        return uscc.compact(number), False
    except stdnum.exceptions.ValidationError:
        raise _invalid() from None


def _organisation_digit(number: str) -> str:
    total = sum(int(character, 36) * weight for character, weight in zip(number, _ORGANISATION_WEIGHTS, strict=False))
    return "0123456789X0"[11 - total % 11]


def _invalid() -> ValidationError:
    return ValidationError(gettext_lazy("Enter the number as printed on the licence."), "invalid")
