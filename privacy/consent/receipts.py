"""A consent receipt with the field names of ISO/IEC TS 27560:2023."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from privacy.consent.models import ConsentRecord
from privacy.jurisdictions.jurisdictions import Jurisdiction, get_jurisdiction
from privacy.jurisdictions.site import link_to
from privacy.register.declarations import PersonalField
from privacy.register.kinds import fields_of
from privacy.register.purposes import Purpose, get_purpose

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
Collected = Sequence[PersonalField]
RIGHTS = ("access", "rectification", "erasure", "portability", "objection", "restriction", "withdrawal", "complaint")


def receipt_of(consent: ConsentRecord, *, collected: Collected | None = None) -> dict[str, Any]:
    """Return the receipt of one act of consent, in the language of the text that was agreed to.

    `collected` is what `fields_of` answers for the person, where many receipts of one person are wanted.
    """
    collected = fields_of(consent.subject_id) if collected is None else collected
    jurisdiction = get_jurisdiction(consent.version.jurisdiction)
    with translation.override(consent.language):
        return {
            "schema_version": SCHEMA_VERSION,
            "record_id": str(consent.pk),
            "pii_principal_id": str(consent.subject_id),
            "pii_processing": _processing(consent, jurisdiction, collected),
            "event": [_event(consent)],
            "party_identification": [_controller(jurisdiction)],
            "integrity": {"position": consent.position, "hash": bytes(consent.hash).hex()},
        }


def _processing(consent: ConsentRecord, jurisdiction: Jurisdiction, collected: Collected) -> dict[str, Any]:
    version = consent.version
    notice = link_to("policy_version", version.jurisdiction, version.label)
    necessary = sorted({declared.purpose for declared in collected})
    return {
        "privacy_notice": f"{notice}?language={consent.language}",
        "privacy_notice_version": version.label,
        "privacy_notice_sha256": consent.digest,
        "language": consent.language,
        "jurisdiction": str(jurisdiction.law),
        "storage_locations": [jurisdiction.storage_country],
        "retention_period": "until the account is cancelled and its cooling-off period ends",
        "collection_method": "registration form",
        "withdrawal_method": link_to("privacy_settings"),
        "privacy_rights": list(RIGHTS),
        "recipient_third_parties": [],
        "purposes": [_purpose(get_purpose(key), collected) for key in [*necessary, *consent.purposes]],
    }


def _purpose(purpose: Purpose, collected: Collected) -> dict[str, Any]:
    used = [declared for declared in collected if declared.purpose == purpose.key]
    return {
        "purpose": str(purpose.label),
        "purpose_type": purpose.key,
        "lawful_basis": "consent",
        "optional": purpose.optional,
        "event_state": "given",
        "clause": purpose.clause,
        "pii_information": [_information(declared) for declared in used],
    }


def _information(declared: PersonalField) -> dict[str, Any]:
    return {
        "pii_attribute_id": declared.key,
        "pii_type": str(declared.label),
        "pii_optional": not declared.required_for,
        "sensitive_pii_category": declared.sensitive,
    }


def _event(consent: ConsentRecord) -> dict[str, Any]:
    withdrew = consent.act == ConsentRecord.Act.WITHDREW
    return {
        "event_time": consent.at.isoformat(),
        "event_type": consent.act,
        "event_state": "withdrawn" if withdrew else "given",
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
