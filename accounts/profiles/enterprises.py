"""Registration numbers of enterprises: China's credit code and organisation code, and those of other countries."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import stdnum.exceptions
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat as eu_vat

from privacy.register.typed import is_ignorable

# What an enterprise's licence or register extract shows in each country, as python-stdnum names it.
STDNUM_MODULES: Mapping[str, tuple[str, ...]] = {
    "AU": ("au.abn", "au.acn"),
    "BE": ("be.vat", "eu.vat"),
    "BR": ("br.cnpj",),
    "CH": ("ch.uid", "ch.vat"),
    "DE": ("de.handelsregisternummer", "de.vat", "eu.vat"),
    "ES": ("es.cif", "es.nif", "eu.vat"),
    "FR": ("fr.siren", "fr.siret", "fr.tva", "eu.vat"),
    "GB": ("gb.vat", "gb.utr"),
    "HR": ("hr.oib", "eu.vat"),
    "IN": ("in_.gstin", "in_.pan"),
    "IT": ("it.iva", "eu.vat"),
    "JP": ("jp.cn",),
    "KR": ("kr.brn",),
    "NL": ("nl.btw", "eu.vat"),
    "NO": ("no.orgnr", "no.mva"),
    "RS": ("rs.pib",),
    "RU": ("ru.ogrn", "ru.inn"),
    "SG": ("sg.uen",),
    "TH": ("th.moa", "th.tin"),
    "TW": ("tw.ubn",),
    "US": ("us.ein",),
    "VN": ("vn.mst",),
}
_PLAIN = re.compile(r"[^\W_][\w /.,\-]{0,58}[\w.]", re.UNICODE)
_LABEL = re.compile(r"^[^0-9A-Za-z]{2,20}[:：]")
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
# GB 11714-1997: each of the first eight characters counts this often; the ninth makes the sum a multiple of 11.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class RegistrationNumber:
    """A number in its canonical form; staff compare it with the licence where `needs_review`."""

    value: str
    needs_review: bool = False


MOST_TYPED = 1000


def clean_registration_number(text: str, country: str, *, confirmed: bool = False) -> RegistrationNumber:
    """Return the registration number of an enterprise in its country.

    Raises `ValidationError`: code `invalid` for a wrong shape, `checksum_mismatch` for a failing check digit unless
    the person `confirmed` that the licence says so. Three real companies' codes fail the official checksum.
    """
    # As much as any number takes: normalising takes a time that grows with the square of a text's length.
    typed = "".join(character for character in text[:MOST_TYPED] if not is_ignorable(character))
    number = unicodedata.normalize("NFKC", typed).strip()
    try:
        value = _chinese(number) if country == "CN" else _foreign(number, country)
    except _CheckDigitFails as failing:
        if not confirmed:
            raise ValidationError(
                _("The check digit does not fit. Compare the number with the licence. If it says so, confirm below."),
                "checksum_mismatch",
            ) from None
        return RegistrationNumber(failing.value, needs_review=True)
    return RegistrationNumber(value)


class _CheckDigitFails(Exception):
    """The shape is right, the check digit is not."""

    def __init__(self, value: str) -> None:
        super().__init__("check digit")
        self.value = value


def _chinese(text: str) -> str:
    """Read a Unified Social Credit Code (GB 32100-2015), or an organisation code (GB 11714-1997)."""
    number = re.sub(r"[\s\-]", "", _LABEL.sub("", text)).upper()
    if _ORGANISATION_CODE.fullmatch(number):
        return _organisation_code(number)
    return _by_stdnum(import_module("stdnum.cn.uscc"), number)


def _organisation_code(number: str) -> str:
    total = sum(int(character, 36) * weight for character, weight in zip(number, _ORGANISATION_WEIGHTS, strict=False))
    if "0123456789X0"[11 - total % 11] != number[8]:
        raise _CheckDigitFails(number)
    return number


def _foreign(text: str, country: str) -> str:
    failing: _CheckDigitFails | None = None
    modules = list(_modules(country))
    for module in modules:
        try:
            return _by_stdnum(module, text)
        except _CheckDigitFails as fails:
            failing = failing or fails
        except ValidationError:
            continue
    if failing:
        raise failing
    if modules or not _PLAIN.fullmatch(text):
        raise _invalid()
    return text


def _modules(country: str) -> Iterator[ModuleType]:
    names = STDNUM_MODULES.get(country, ("eu.vat",) if country.lower() in eu_vat.MEMBER_STATES else ())
    return (import_module(f"stdnum.{name}") for name in names)


def _by_stdnum(module: Any, text: str) -> str:
    try:
        return str(module.validate(text))
    except stdnum.exceptions.InvalidChecksum:
        raise _CheckDigitFails(module.compact(text)) from None
    except stdnum.exceptions.ValidationError:
        raise _invalid() from None


def _invalid() -> ValidationError:
    return ValidationError(_("Enter the number as it stands on the licence."), "invalid")
