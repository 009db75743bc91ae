"""What a parent or guardian is told before they decide, in nine parts.

China's Provisions on the Cyber Protection of Children's Personal Information (2019), art. 8 to 10, name them: purpose,
means and scope; place; term and what follows; security; the consequence of refusing; how to complain; how to correct
and delete; and the option to refuse. The portal tells every guardian the same.
"""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.inventory.declarations import Kind
from privacy.inventory.periods import period_in_words
from privacy.inventory.queries import fields_for
from privacy.inventory.retention_classes import in_a_row
from privacy.inventory.value_labels import value_label
from privacy.jurisdictions.countries import Country, get_country
from privacy.jurisdictions.jurisdictions import Jurisdiction, get_jurisdiction
from privacy.jurisdictions.site import link_to


@dataclass(frozen=True)
class Part:
    """One part of what a guardian is told: what it is about, and the words."""

    title: str
    text: str


def parts_for(country: str, jurisdiction: str) -> list[Part]:
    """Return the nine parts in the present language, for a child in a country."""
    known, responsible = get_country(country), get_jurisdiction(jurisdiction)
    return [
        Part(_("Purpose"), _("To give the child an account here, to keep it safe, and to answer requests about it.")),
        Part(_("What data, and how"), _what()),
        Part(
            _("Where it is stored"),
            _("On servers in this country or region: %(place)s.")
            % {"place": value_label("country", responsible.storage_country)},
        ),
        Part(_("How long we keep it"), _how_long()),
        Part(
            _("How we protect it"),
            _(
                "It is encrypted under a key of the child's own. When the account is erased, that key is destroyed. "
                "Each time that our staff look at it is recorded, and you can see the record."
            ),
        ),
        Part(_("If you refuse"), _("The child gets no account. We delete this request at once. Nothing else follows.")),
        Part(_("How to complain"), _complaint(known, responsible)),
        Part(
            _("How to correct or delete"),
            _("After you agree, you can see, correct, copy and delete the data at any time.")
            + "\n"
            + _("Or ask us here: %(url)s") % {"url": link_to("requests")},
        ),
        Part(
            _("Your choice"),
            _(
                "You may refuse, without a reason. If you agree, you can withdraw that at any time, as easily as you "
                "gave it. If you do not answer, that counts as a refusal."
            ),
        ),
    ]


def information_for(country: str, jurisdiction: str, language: str) -> str:
    """Return the nine parts as one text in a language."""
    with translation.override(language):
        return "\n\n".join(f"{part.title}\n{part.text}" for part in parts_for(country, jurisdiction))


def digest_of(text: str) -> str:
    """Return the digest (SHA-256) by which evidence names what was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def _what() -> str:
    asked = in_a_row(str(field.label) for field in fields_for(Kind.INDIVIDUAL) if Kind.INDIVIDUAL in field.required_for)
    return _(
        "You fill in the registration together with the child: %(fields)s. Optional uses stay off until you turn them "
        "on. We treat all data of a child as sensitive."
    ) % {"fields": asked}


def _how_long() -> str:
    said = [_("As long as the account exists."), _("Once it is cancelled, no one uses the data, and it is erased.")]
    if settings.COOLING_OFF:
        period = period_in_words(settings.COOLING_OFF)
        said.append(_("Until it is erased, the cancellation can be undone for %(period)s.") % {"period": period})
    said.append(
        _("On the day on which the child reaches the age of consent, your rights end, and we ask the child directly.")
    )
    return "\n".join(said)


def _complaint(country: Country, jurisdiction: Jurisdiction) -> str:
    """Return two lines, each of which ends with an address: no sign after it becomes a part of a link."""
    found = country.regulator
    regulator = str(jurisdiction.regulator)
    if found:
        is_english = (get_language() or "en").startswith("en")
        name = found.english_name if is_english and found.english_name else found.name
        regulator = f"{name} {found.complaint_url}".strip()
    return "\n".join(
        (
            _("Complain to us here: %(url)s") % {"url": link_to("requests")},
            _("Or complain to: %(regulator)s") % {"regulator": regulator},
        )
    )
