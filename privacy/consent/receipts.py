"""A consent receipt with the field names of ISO/IEC TS 27560:2023."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.consent.models import ConsentRecord
from privacy.inventory.declarations import PersonalField
from privacy.inventory.kinds import fields_of
from privacy.inventory.purposes import Basis, Purpose, purpose_or_key
from privacy.inventory.retention_classes import RetentionClass, labels_of, words_of
from privacy.inventory.rights import RIGHTS
from privacy.inventory.third_parties import ThirdParty, third_parties
from privacy.jurisdictions.jurisdictions import Jurisdiction, get_jurisdiction
from privacy.jurisdictions.site import link_to
from privacy.policies.citations import cited_clauses
from privacy.policies.models import PolicyVersion
from privacy.policies.topics import purpose_topic

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
Collected = Sequence[PersonalField]
GIVEN, WITHDRAWN, UNKNOWN = "given", "withdrawn", "unknown"
# How an answer was given, by act. Apps and operators have one way each.
_PAGES = {
    ConsentRecord.Act.REGISTERED: _("registration form"),
    ConsentRecord.Act.MOVED: _("page of moving"),
    ConsentRecord.Act.ACCEPTED: _("policy change page"),
    ConsentRecord.Act.GRANTED: _("privacy settings"),
    ConsentRecord.Act.WITHDREW: _("privacy settings"),
}
_METHODS = {
    ConsentRecord.Channel.REST: _("app"),
    ConsentRecord.Channel.OPERATOR: _("operator, without action by the person"),
}


@dataclass(frozen=True)
class ReceiptContext:
    """What the receipts of one person have in common: the fields that they are asked for, and the third parties."""

    collected: Collected
    others: Sequence[ThirdParty]


def receipt_context(subject_id: UUID) -> ReceiptContext:
    """Return what the receipts of a person have in common, so that it is read once."""
    return ReceiptContext(fields_of(subject_id), third_parties())


def receipt_of_act(consent: ConsentRecord, context: ReceiptContext | None = None) -> dict[str, Any]:
    """Return the receipt of one act of consent in the reader's language; it names the language of the shown text."""
    context = context or receipt_context(consent.subject_id)
    collected, others = context.collected, context.others
    jurisdiction = get_jurisdiction(consent.version.jurisdiction)
    return {
        "schema_version": SCHEMA_VERSION,
        "record_id": str(consent.pk),
        "pii_principal_id": str(consent.subject_id),
        "pii_processing": _processing(consent, jurisdiction, collected, others),
        "event": [_event(consent, collected)],
        "party_identification": [_controller(jurisdiction), *(_recipient(party) for party in others)],
        "integrity": {"position": consent.position, "hash": bytes(consent.hash).hex()},
    }


def _processing(
    consent: ConsentRecord, jurisdiction: Jurisdiction, collected: Collected, others: Sequence[ThirdParty]
) -> dict[str, Any]:
    version = consent.version
    notice = link_to("policy_version", version.jurisdiction, version.label)
    states = dict.fromkeys([*_necessary(collected), *consent.purposes], GIVEN)
    states |= dict.fromkeys(consent.withdrawn, UNKNOWN if consent.act == ConsentRecord.Act.ASKED_AGAIN else WITHDRAWN)
    return {
        "privacy_notice": f"{notice}?language={consent.language}",
        "privacy_notice_version": version.label,
        "privacy_notice_sha256": consent.digest,
        "language": consent.language,
        "jurisdiction": str(jurisdiction.law),
        "storage_locations": [jurisdiction.storage_country],
        "retention_period": str(words_of(RetentionClass.ACCOUNT)),
        "collection_method": str(
            _METHODS.get(ConsentRecord.Channel(consent.channel)) or _PAGES[ConsentRecord.Act(consent.act)]
        ),
        "withdrawal_method": link_to("privacy_settings"),
        "privacy_rights": list(RIGHTS),
        "recipient_third_parties": [party.number for party in others],
        "purposes": [
            _purpose(purpose_or_key(key), state, jurisdiction, collected) | _stated(purpose_or_key(key), version)
            for key, state in states.items()
        ],
    }


def _necessary(collected: Collected) -> list[str]:
    return sorted({declared.purpose for declared in collected})


def _purpose(purpose: Purpose, state: str, jurisdiction: Jurisdiction, collected: Collected) -> dict[str, Any]:
    used = [declared for declared in collected if declared.purpose == purpose.key]
    return {
        "purpose": str(purpose.label),
        "purpose_type": purpose.key,
        "lawful_basis": lawful_basis(purpose, jurisdiction).value,
        "optional": purpose.optional,
        "event_state": state,
        "pii_information": [_information(declared) for declared in used],
    }


def _stated(purpose: Purpose, version: PolicyVersion) -> dict[str, str | None]:
    """Return the clause of the version that was agreed to, or None where none states the purpose."""
    return {"clause": cited_clauses(version).get(purpose_topic(purpose))}


def lawful_basis(purpose: Purpose, jurisdiction: Jurisdiction) -> Basis:
    """Return the purpose's basis where the jurisdiction's law recognises it, else consent."""
    is_unrecognised = purpose.basis is Basis.LEGITIMATE_INTERESTS and not jurisdiction.recognises_legitimate_interests
    return Basis.CONSENT if is_unrecognised else purpose.basis


def _information(declared: PersonalField) -> dict[str, Any]:
    return {
        "pii_attribute_id": declared.key,
        "pii_type": str(declared.label),
        "pii_optional": not declared.required_for,
        "sensitive_pii_category": declared.sensitive,
    }


def _event(consent: ConsentRecord, collected: Collected) -> dict[str, Any]:
    """Return what happened, and the purposes that the act gave or withdrew."""
    match consent.act:
        case ConsentRecord.Act.WITHDREW:
            state, purposes = WITHDRAWN, consent.withdrawn
        case ConsentRecord.Act.ASKED_AGAIN:
            state, purposes = UNKNOWN, consent.withdrawn
        case ConsentRecord.Act.GRANTED:
            state, purposes = GIVEN, consent.granted
        case _:
            state, purposes = GIVEN, [*_necessary(collected), *consent.purposes]
    return {
        "event_time": consent.at.isoformat(),
        "event_type": consent.act,
        "event_state": state,
        "purposes": purposes,
        "consent_type": "expressed",
        "entity_id": str(consent.subject_id),
        "channel": consent.channel,
    }


def _controller(jurisdiction: Jurisdiction) -> dict[str, Any]:
    controller = jurisdiction.controller
    return {
        "party_id": jurisdiction.code,
        "party_role": "controller",
        "party_name": str(controller.name),
        "party_address": str(controller.address),
        "party_email": controller.email,
    }


def _recipient(party: ThirdParty) -> dict[str, Any]:
    holds = gettext("holds: %(what)s") % {"what": labels_of(party.classes)}
    return {"party_id": party.number, "party_role": "recipient", "party_name": party.name, "party_description": holds}
