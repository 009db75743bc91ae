"""A consent receipt in the reader's words, made of the receipt for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from privacy.consent.models import ConsentRecord
from privacy.consent.receipts import GIVEN, UNKNOWN, receipt_of_act
from privacy.inventory.purposes import BASES, Basis
from privacy.inventory.retention_classes import in_a_row
from privacy.inventory.rights import RIGHTS
from privacy.inventory.value_labels import value_label


@dataclass(frozen=True)
class ShownPurpose:
    """A purpose of the receipt: its state and legal basis in words, the data used for it, and its clause or None.

    `is_on` is true for an optional one that the person has on.
    """

    label: str
    state: str
    is_on: bool
    basis: str
    data: str
    clause: str | None


@dataclass(frozen=True)
class ShownReceipt:
    """What a receipt states beside the act itself. Each recipient is a name and what it holds."""

    law: str
    storage: str
    retention: str
    rights: Sequence[str]
    purposes: Sequence[ShownPurpose]
    recipients: Sequence[tuple[str, str]]


def shown_receipt(consent: ConsentRecord) -> ShownReceipt:
    """Return the receipt of an act of consent for its page, in the reader's language."""
    receipt = receipt_of_act(consent)
    processing = receipt["pii_processing"]
    return ShownReceipt(
        law=processing["jurisdiction"],
        storage=in_a_row(value_label("country", code) for code in processing["storage_locations"]),
        retention=processing["retention_period"],
        rights=[str(RIGHTS[right]) for right in processing["privacy_rights"]],
        purposes=[_purpose(purpose) for purpose in processing["purposes"]],
        recipients=[
            (party["party_name"], party["party_description"])
            for party in receipt["party_identification"]
            if party["party_role"] == "recipient"
        ],
    )


def _purpose(purpose: Mapping[str, Any]) -> ShownPurpose:
    return ShownPurpose(
        label=purpose["purpose"],
        state=_state(purpose["event_state"], is_optional=purpose["optional"]),
        is_on=purpose["optional"] and purpose["event_state"] == GIVEN,
        basis=str(BASES[Basis(purpose["lawful_basis"])]),
        data=in_a_row(used["pii_type"] for used in purpose["pii_information"]),
        clause=purpose["clause"],
    )


def _state(state: str, *, is_optional: bool) -> str:
    if state == UNKNOWN:
        return _("Lost: a backup was restored")
    if not is_optional:
        return _("Necessary purpose")
    return _("Turned on") if state == GIVEN else _("Turned off")
