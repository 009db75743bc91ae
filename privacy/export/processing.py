"""How a person's data is used: purposes, controller, recipients, periods, rights (GDPR art. 15(1) and (2))."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.consent.queries import purposes_in_force
from privacy.consent.receipts import ReceiptContext
from privacy.inventory.authorities import authority_for
from privacy.inventory.country_of_person import country_of
from privacy.inventory.periods import period_in_words
from privacy.inventory.purposes import labels_of_purposes
from privacy.inventory.retention_classes import RETENTION, RetentionClass, labels_of, words_of
from privacy.inventory.rights import RIGHTS
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.subjects.models import DataSubject

_HOW = {
    "access": _("Under Settings, or with another copy."),
    "rectification": _("Under Settings, Profile."),
    "erasure": _("Cancel the account under Settings, or make a request there."),
    "portability": _("Download the JSON file. Other services can read it."),
    "objection": _("Under Settings, Your requests."),
    "restriction": _("Under Settings, Your requests."),
    "withdrawal": _("Under Settings, Privacy. What we did before stays lawful."),
    "complaint": _("Under Settings, Your requests, or at the authority that is named here."),
}


def processing_of(subject: DataSubject, context: ReceiptContext) -> dict[str, Any]:
    """Return how a person's data is used as JSON-ready data: permanent keys, with words in the reader's language."""
    fields: dict[str, list[str]] = {}
    for declared in context.collected:
        fields.setdefault(declared.purpose, []).append(declared.key)
    for optional in purposes_in_force(subject.pk):
        fields.setdefault(optional, [])
    facts = {
        "country": country_of(subject.pk),
        "purposes": [{"purpose": purpose, "fields": keys} for purpose, keys in fields.items()],
        "recipients": [{"name": party.name, "data": list(party.classes)} for party in context.others],
        "periods": [{"data": name.value} for name in RETENTION],
        "rights": [{"right": right} for right in RIGHTS],
    }
    return processing_in_words(facts, subject.jurisdiction)


def processing_in_words(facts: Mapping[str, Any], jurisdiction_code: str) -> dict[str, Any]:
    """Return the result of `processing_of` with its words in the active language."""
    jurisdiction = get_jurisdiction(jurisdiction_code)
    controller = jurisdiction.controller
    country = facts.get("country")  # a copy of an earlier release names none
    authority = authority_for(country, jurisdiction)
    return {
        "controller": {"name": str(controller.name), "address": str(controller.address), "email": controller.email},
        "law": str(jurisdiction.law),
        "stored_in": jurisdiction.storage_country,
        "purposes": [
            {**purpose, "label": label}
            for purpose, label in zip(
                facts["purposes"], labels_of_purposes(row["purpose"] for row in facts["purposes"]), strict=True
            )
        ],
        "recipients": facts["recipients"],
        "periods": [_period(row) for row in facts["periods"]],
        "rights": [_right(row) for row in facts["rights"]],
        "country": country,
        "authority": authority.name,
        "authority_page": authority.page,
        "automated_decisions": _automated_decisions(),
    }


def _period(row: Mapping[str, Any]) -> dict[str, Any]:
    known = row["data"] in set(RetentionClass)
    period = words_of(RetentionClass(row["data"])) if known else row["period"]
    return {**row, "label": labels_of([row["data"]]), "period": period}


def _right(row: Mapping[str, Any]) -> dict[str, Any]:
    right = row["right"]
    return {**row, "label": str(RIGHTS.get(right, right)), "how": str(_HOW.get(right, ""))}


def _automated_decisions() -> str:
    if settings.UNUSED_AFTER is None:
        return gettext("We make no decision about you by automated means alone, and no profile of you.")
    period = period_in_words(settings.UNUSED_AFTER)
    return gettext(
        "We make no profile of you. One thing happens automatically: an account that is not used for %(period)s is "
        "cancelled, after three warnings."
    ) % {"period": period}
