"""The supervisory authority that takes a person's complaint, in the reader's words."""

from dataclasses import dataclass

from django.utils.translation import get_language, pgettext

from privacy.inventory.value_labels import value_label
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.country_facts import Regulator
from privacy.jurisdictions.jurisdictions import Jurisdiction


@dataclass(frozen=True)
class Authority:
    """An authority's name, and the address of its page for complaints, else of its home page; empty if unknown."""

    name: str
    page: str = ""


def authority_for(country: str | None, jurisdiction: Jurisdiction) -> Authority:
    """Return the authority of a country (ISO 3166-1), named after the country; None: the only one of the jurisdiction.

    Where the authority is not known, the name is what the jurisdiction says of all its countries.
    """
    code = country or jurisdiction.only_country
    regulator = get_country(code).regulator if code else None
    if regulator is None:
        return Authority(str(jurisdiction.regulator))
    between = pgettext("between a name and what is said of it", ": ")
    name = f"{value_label('country', code)}{between}{_name(regulator)}"
    return Authority(name, regulator.complaint_url or regulator.url)


def _name(regulator: Regulator) -> str:
    """Return the authority's name as it is, with the English one for readers of English."""
    if not regulator.english_name or (get_language() or "en").startswith("zh"):
        return regulator.name
    return f"{regulator.name} ({regulator.english_name})"
