"""Reads the number of a company as its country's register writes it, or as its number for tax."""

import enum
import re
import unicodedata
from collections.abc import Iterable
from importlib import import_module
from typing import Any, NamedTuple

import stdnum.exceptions
from stdnum.de import handelsregisternummer

from accounts.profiles.company_registers import COUNTRIES, STATE_REGISTERS


class NumberKind(enum.StrEnum):
    """The kinds of company numbers."""

    REGISTER = "company_register"
    TAX = "tax"
    UNKNOWN = "unknown"


class Verdict(enum.Enum):
    """How a number compares with the known formats of its country."""

    FITS = enum.auto()
    CHECK_DIGIT_FAILS = enum.auto()
    UNKNOWN_SHAPE = enum.auto()


class Reading(NamedTuple):
    """The kind of a number, and how well it fits."""

    kind: NumberKind
    verdict: Verdict


UNKNOWN = Reading(NumberKind.UNKNOWN, Verdict.UNKNOWN_SHAPE)
_MODULE = re.compile(r"[a-z]{2}_?\.[a-z]+")
_BETWEEN = re.compile(r"[\s.\-/,()·]")
# Labels before a number, in the languages of the registers: these mark a tax number,
_TAX_WORDS = (
    r"vat|u?st\.?-?id(?:ent)?(?:-?nr)?|ust|mwst|btw|tva|iva|p\.? ?iva|partita iva|moms|mva|alv|dph|pdv|пдв|ддс|nif-iva"
    r"|gst|gstin|tax|tin|ein|pan|utr|nip|pib|пиб|инн|inn|afm|αφμ"
)
# and these mark the register's number, or no kind.
_OTHER_WORDS = (
    r"companies|company|corporate|corporation|commercial|trade|business|enterprise|entity|house|file|charter|state"
    r"|registration|registered|register|registry|registre|reg|identification|identity|id|code|number|num|no|nr|n[º°]|№"
    r"|nummer|número|numero|numéro|cvr|kvk|krs|regon|orgnr|org|ičo|ico|ič|uen|abn|acn|arbn|nzbn|uid|siren|siret|r\.?c\.?s"
    r"|cif|nif|nipc|cnpj|cuit|rut|nit|ruc|rfc|cin|llpin|llp|cro|crn|brn?|cr|mb|mbs|oib|eik|еик|огрн|ogrn|матични број"
    r"|matični broj|reg\.? ?č|firmenbuchnummer|firmenbuch|y-tunnus|kennitala|统一编号"
    r"|統一編號|法人番号|会社法人等番号|登録番号|사업자등록번호|법인등록번호"
)
_LABEL = re.compile(
    rf"(?:(?P<tax>{_TAX_WORDS})|{_OTHER_WORDS})(?:-?(?:nr|no|nummer|number))?(?=[\W\d]|$)[\s.:#–-]*", re.IGNORECASE
)
# The French register is named with its court, before the number or behind it.
_COURT = re.compile(r"^R\.?C\.?S\.?\s[^\d]+?(?=\d)", re.IGNORECASE)
_AFTER = re.compile(r",?\s*(?:R\.?C\.?S\.?\s.+|RPM(?:\s.+)?|VAT|BTW|TVA)$", re.IGNORECASE)
_GERMAN_NUMBER = re.compile(
    r"\b(?:HRA|HRB|GnR|GsR|PR|VR)\b[\s-]*(?:Nr\.?|No\.?|Nummer)?[\s:]*[1-9]\d{0,5}\b(?:\s?[A-ZÖ]{1,3}\b)?"
)
_GERMAN_WORDS = re.compile(
    r"\b(?:Amtsgerichts?|AG|Registergerichts?|Handelsregisters?|Registernummer|Register|Gericht|beim|des|der|im|in)\b"
)


def read_number(text: str, country: str) -> Reading:
    """Return the kind of a number, as printed, in a country (ISO 3166-1 alpha-2)."""
    typed = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    if country not in COUNTRIES:
        return _of_any_shape(typed, country)
    if country == "DE" and (german := _german(typed)):
        return german
    is_tax, bare = _without_label(typed)
    said, prefix = {typed: None, bare: None}, _prefix(bare, country)
    tax = Reading(NumberKind.TAX, _best(said, COUNTRIES[country].tax))
    if prefix and tax.verdict is Verdict.UNKNOWN_SHAPE:
        said[bare[prefix:]] = None
    register = Reading(NumberKind.REGISTER, _best(said, COUNTRIES[country].register))
    # Many countries use one number for both: the written form decides.
    readings = (tax, register) if is_tax or prefix else (register, tax)
    return _or_unknown(min(readings, key=lambda reading: reading.verdict.value))


def _or_unknown(reading: Reading) -> Reading:
    return UNKNOWN if reading.verdict is Verdict.UNKNOWN_SHAPE else reading


def _of_any_shape(typed: str, country: str) -> Reading:
    """Read a number of registers that share no format; it needs at least one digit."""
    shape, module = STATE_REGISTERS.get(country, ("", ""))
    is_tax, bare = _without_label(typed)
    if shape and (is_tax or re.fullmatch(shape, bare, re.IGNORECASE)):
        return _or_unknown(Reading(NumberKind.TAX, _check(bare, module)))
    has_digit = any(character.isdecimal() for character in typed)
    return Reading(NumberKind.REGISTER, Verdict.FITS) if has_digit else UNKNOWN


def _german(typed: str) -> Reading | None:
    """Read a number of the Handelsregister or a related register, with or without its court."""
    number = _GERMAN_NUMBER.search(typed)
    if number is None:
        return None
    court = _GERMAN_WORDS.sub(" ", f"{typed[: number.start()]} {typed[number.end() :]}").strip(" ,.;:()-")
    is_known = not court or handelsregisternummer.is_valid(f"{court} HRB 1")
    return Reading(NumberKind.REGISTER, Verdict.FITS) if is_known else UNKNOWN


def _without_label(typed: str) -> tuple[bool, str]:
    """Return whether the label marks a tax number, and the number without the label."""
    is_tax, rest = False, _COURT.sub("", typed)
    while (label := _LABEL.match(rest)) and label.end() < len(rest):
        is_tax, rest = is_tax or bool(label["tax"]), rest[label.end() :]
    return is_tax, _AFTER.sub("", rest)


def _prefix(bare: str, country: str) -> int:
    """Return the length of the country prefix of a tax number, such as 2 for `DE`; 0 without one."""
    letters = {"GR": "EL|GR", "GB": "GB|XI"}.get(country, country)
    found = re.match(rf"(?:{letters})[ .-]*(?=[A-Z]*\d)", bare, re.IGNORECASE)
    return found.end() if found else 0


def _best(said: Iterable[str], checks: Iterable[str]) -> Verdict:
    verdicts = [_check(text, check) for text in said for check in checks]
    return min(verdicts, key=lambda verdict: verdict.value, default=Verdict.UNKNOWN_SHAPE)


def _check(text: str, check: str) -> Verdict:
    if not _MODULE.fullmatch(check):
        fits = re.fullmatch(check, _BETWEEN.sub("", text).upper())
        return Verdict.FITS if fits else Verdict.UNKNOWN_SHAPE
    module: Any = import_module(f"stdnum.{check}")
    try:
        module.validate(text)
    except stdnum.exceptions.InvalidChecksum:
        return Verdict.CHECK_DIGIT_FAILS
    except stdnum.exceptions.ValidationError:
        return Verdict.UNKNOWN_SHAPE
    return Verdict.FITS
