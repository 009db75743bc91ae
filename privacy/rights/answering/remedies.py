"""Where the person of a request can complain, and which court is open to them, in their language."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.rights.models.requests import RequestItem, RightsRequest

# A refusal stores the regulator and the court.
LONGEST = RequestItem._meta.get_field("regulator").max_length


@dataclass(frozen=True)
class Remedies:
    """Where a person may complain about a refusal (GDPR art. 12(4), PIPL art. 50), in their language.

    `url` is the page of the regulator for complaints, else its home page; empty where it is not known.
    """

    regulator: str
    url: str
    court: str


def remedies_of(request: RightsRequest) -> Remedies:
    """Return where the person of a request may complain; in general words where the country's are not known."""
    country, jurisdiction = get_country(request.country), get_jurisdiction(request.jurisdiction)
    known = country.regulator
    english = known.english_name if known and request.language == "en" else ""
    with translation.override(request.language):
        regulator = english or (known.name if known else str(jurisdiction.regulator))
        court = str(country.court.name) if country.court else _("the competent court in your country or region")
    return Remedies(regulator[:LONGEST], (known.complaint_url or known.url) if known else "", court[:LONGEST])
