"""An answer as the person will see it: the page and the message, in their language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from privacy.inventory.retention_classes import labels_of
from privacy.jurisdictions.site import link_to
from privacy.notices.rendering import Words, render_email, render_sms
from privacy.policies.grounds import RetentionGround
from privacy.rights.answering.remedies import Remedies, remedies_of
from privacy.rights.choices import WITH_REASONS, WITHOUT_PROOF, Contact, ExtensionReason, ItemState
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.notices import ANSWERED, EXTENDED


@dataclass(frozen=True)
class Preview:
    """What the person will read. `message` is None where the answer goes by post; the reasons are empty without any."""

    language: str
    right: str
    outcome: str
    text: str
    message: Words | None
    exception: str = ""
    legal_basis: str = ""
    kept: str = ""
    kept_until: Any = None
    remedies: Remedies | None = None


def preview_of(request: RightsRequest, item: RequestItem | None, outcome: str, typed: Mapping[str, Any]) -> Preview:
    """Return the answer that a valid form holds, in the person's language."""
    with translation.override(request.language):
        reasons: dict[str, Any] = {}
        if outcome in WITH_REASONS:
            reasons = {
                "exception": str(RetentionGround(typed["exception"]).label),
                "legal_basis": typed["legal_basis"],
                "kept": labels_of(typed["kept"]),
                "kept_until": typed["kept_until"],
                "remedies": remedies_of(request),
            }
        return Preview(
            language=request.language,
            right=str(item.get_right_display()) if item else "",
            outcome=_outcome(item, outcome) if item else "",
            text=typed["text"],
            message=_message(request, ANSWERED),
            **reasons,
        )


def _outcome(item: RequestItem, outcome: str) -> str:
    is_answered_only = item.right in WITHOUT_PROOF and outcome == ItemState.DONE
    return gettext("Answered") if is_answered_only else str(ItemState(outcome).label)


@dataclass(frozen=True)
class ExtensionPreview:
    """What the person will read of an extension; `message` is None where it goes by post."""

    language: str
    due_at: dt.datetime
    reason: str
    text: str
    message: Words | None


def extension_preview(request: RightsRequest, typed: Mapping[str, Any], due_at: dt.datetime) -> ExtensionPreview:
    """Return the extension that a valid form holds, in the person's language."""
    with translation.override(request.language):
        return ExtensionPreview(
            language=request.language,
            due_at=due_at,
            reason=str(ExtensionReason(typed["reason"]).label),
            text=typed["text"],
            message=_message(
                request,
                EXTENDED,
                due_at=due_at.isoformat(),
                reason=typed["reason"],
                regulator=remedies_of(request).regulator,
            ),
        )


def _message(request: RightsRequest, template: str, **more: str) -> Words | None:
    context = {
        "jurisdiction": request.jurisdiction,
        "reference": request.reference,
        "request_url": link_to("request", request.reference),
    }
    if request.contact == Contact.POST:
        return None
    render = render_sms if request.contact == Contact.SMS else render_email
    return render(template, request.language, context | more)
