"""Checks of a new request that came by REST, so that one answer has all errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.inventory.typed import without_margin
from privacy.jurisdictions.country_codes import is_country
from privacy.notices.addresses import read_address
from privacy.rest.errors import errors_of, merge_errors
from privacy.rest.problems import INVALID, Errors, Problem, field_error
from privacy.rights.asking import Known
from privacy.rights.choices import About, Contact, Right
from privacy.rights.forms.people import NEEDS_TEXT, NO_GROUND, NO_PLACE, NO_TEXT, NOT_ATTESTED, ProofForm
from privacy.rights.services import Asked

Found = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class CheckedRequest:
    """A request whose values are right."""

    items: list[Asked]
    country: str
    language: str
    channel: str
    address: str
    about: str


def checked_request(given: Mapping[str, Any], errors: Errors, known: Known) -> tuple[CheckedRequest | None, Errors]:
    """Return the checked request, or None and all errors: those of the body, and those of its values."""
    found: Found = {}
    items = [_asked(number, item, found) for number, item in enumerate(_items(given))]
    about = _about(given, items, found)
    _refuse_repeated(items, found)
    country = known.country or _country(given, found)
    channel, address = _contact(given, country, known, found)
    if all_errors := merge_errors(errors, found):
        return None, all_errors
    language = given.get("language") or get_language() or "en"
    return CheckedRequest(items, country, language, channel, address, about), {}


def with_form_errors(form: ProofForm, errors: Errors) -> str:
    """Return the code of a form. Raises `Problem` with the errors of body and form."""
    form.is_valid()
    if found := merge_errors(errors, errors_of(form)):
        raise Problem(INVALID, errors=found)
    return str(form.cleaned_data["code"])


def _items(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = given.get("items", [])
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _asked(number: int, item: Mapping[str, Any], found: Found) -> Asked:
    right, text, ground = str(item.get("right", "")), _text(item), str(item.get("ground", "") or "")
    if right == Right.DELETION and not ground:
        found[f"items.{number}.ground"] = [field_error("required", NO_GROUND)]
    if right != Right.DELETION and ground:
        found[f"items.{number}.ground"] = [field_error("not_for_this", _("Only a deletion has a ground."))]
    if right in NEEDS_TEXT and not text:
        found[f"items.{number}.text"] = [field_error("required", NO_TEXT)]
    return Asked(right, text, ground)


def _about(given: Mapping[str, Any], items: list[Asked], found: Found) -> str:
    about = str(given.get("about", About.SELF))
    if about == About.OTHER and given.get("attested") is not True:
        found["attested"] = [field_error("required", NOT_ATTESTED)]
    if about != About.OTHER and given.get("attested") is True:
        found["attested"] = [field_error("not_for_this", _("Only a request about somebody else is attested."))]
    if about == About.NAMED:
        for number, asked in enumerate(items):
            if not asked.text:
                found[f"items.{number}.text"] = [field_error("required", NO_PLACE)]
    return about


def _text(item: Mapping[str, Any]) -> str:
    text = item.get("text", "")
    return without_margin(text) if isinstance(text, str) else ""


def _refuse_repeated(items: list[Asked], found: Found) -> None:
    seen: set[str] = set()
    for number, asked in enumerate(items):
        if asked.right in seen:
            found[f"items.{number}.right"] = [field_error("repeated", _("Name each right once."))]
        seen.add(asked.right)


def _country(given: Mapping[str, Any], found: Found) -> str:
    country = given.get("country", "")
    if not isinstance(country, str) or not is_country(country):
        code = "required" if not country else "invalid_choice"
        found["country"] = [field_error(code, _("Choose a country or region."))]
        return ""
    return country


def _contact(given: Mapping[str, Any], country: str, known: Known, found: Found) -> tuple[str, str]:
    contact = given.get("contact")
    if contact is None and known.addresses:
        return known.addresses[0].channel, known.addresses[0].value
    typed = {name: text for name, text in contact.items() if text} if isinstance(contact, Mapping) else {}
    if len(typed) != 1 or not typed.keys() <= {"email", "phone"}:
        found["contact"] = [field_error("required", _("Send an e-mail address or a mobile number, one of them."))]
        return "", ""
    [(name, text)] = typed.items()
    channel = Contact.EMAIL if name == "email" else Contact.SMS
    try:
        address = read_address(channel=channel, text=str(text), country=country)
    except ValidationError as error:
        found[f"contact.{name}"] = [field_error(error.code or "invalid", message) for message in error.messages]
        return "", ""
    if known.addresses and address not in {own.value for own in known.addresses}:
        found[f"contact.{name}"] = [field_error("not_verified", _("Choose one of your verified contact points."))]
    return channel, address
