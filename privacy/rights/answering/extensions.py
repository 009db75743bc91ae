"""The one extension of a request's time (clause 9.2 of the sample policy, GDPR art. 12(3)).

It exists for the person once its notice was handed over in time.
"""

import datetime as dt
import json
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.evidence.clock import database_now
from privacy.jurisdictions.countries import get_country
from privacy.rights.answering.remedies import remedies_of
from privacy.rights.choices import ExtensionReason
from privacy.rights.clock import due_after
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RightsRequest
from privacy.rights.notices import send_extended
from privacy.rights.staff.own import refuse_own
from privacy.rights.states.moving import locked, note


class ExtensionRefused(Exception):
    """The time cannot be extended in this way; the message says why to staff."""


def most_days(request: RightsRequest) -> int:
    """Return by how many days the answer to a request may be extended; 0: not at all."""
    return get_country(request.country).extension_days


def why_not(request: RightsRequest) -> str:
    """Return why the time of a request cannot be extended now, for staff; empty if it can."""
    extension = Extension.objects.filter(request=request).first()
    if request.closed_at is not None:
        return _("This request is closed.")
    if extension is not None and extension.void_at is None:
        return _("The time was extended already. It can be extended once.")
    if database_now() >= request.first_due_at:
        return _("The time has passed. It can only be extended before.")
    if not most_days(request):
        return _("The law of the person's country allows no extension.")
    return ""


def extend(*, request: RightsRequest, days: int, reason: str, text: str, by: UUID, role: str) -> Extension:
    """Decide to answer `days` later, and queue the notice with the reason, in one transaction.

    The request stays due as before until the notice was handed over. `reason` is one of `ExtensionReason`, `text` the
    words about it that the person reads on their page. Raises `ExtensionRefused` and `OwnRequest`.
    """
    refuse_own(request, by)
    if reason not in ExtensionReason.values or not text.strip():
        raise ExtensionRefused(_("Choose a reason for the extension, and explain it."))
    with transaction.atomic():
        found = locked(request.pk)
        if why := why_not(found):
            raise ExtensionRefused(why)
        if not 1 <= days <= (most := most_days(found)):
            raise ExtensionRefused(
                ngettext(
                    "The time can be extended by one day.", "The time can be extended by 1 to %(most)s days.", most
                )
                % {"most": most}
            )
        # A void one never existed for the person; the evidence keeps it.
        Extension.objects.filter(request=found).delete()
        extension = Extension.objects.create(
            request=found,
            reason=reason,
            text=text,
            due_at=extended_due(found, days),
            decided_by=by,
            decided_role=role,
            decided_at=database_now(),
        )
        notice = send_extended(found, extension, regulator=remedies_of(found).regulator)
        if notice is not None:
            extension.notice = notice.pk
            extension.save(update_fields=["notice"])
    return extension


def extended_due(request: RightsRequest, days: int) -> dt.datetime:
    """Return when an answer is due that has so many days more, counted from the same first day."""
    inputs = json.loads(str(request.clock))
    due = due_after(
        received_at=request.received_at, days=inputs["days"] + days, zones=inputs["zones"], rule=request.rule
    )
    return due.at


def take_effect(request: RightsRequest, extension: Extension, at: dt.datetime) -> None:
    """Note that the notice of an extension was handed over: a locked request is due later from now on."""
    extension.handed_over_at = at
    extension.save(update_fields=["handed_over_at"])
    request.due_at = extension.due_at
    request.save(update_fields=["due_at"])
    details: dict[str, object] = {
        "reason": extension.reason,
        "rule": request.rule,
        "first_due_at": request.first_due_at.isoformat(),
        "due_at": extension.due_at.isoformat(),
        "handed_over_at": at.isoformat(),
    }
    note(request, RequestRecord.Act.EXTENDED, role=extension.decided_role, details=details)


def make_void(request: RightsRequest, extension: Extension, why: str) -> None:
    """Void an extension whose notice did not reach the person: a locked request is due as at first."""
    extension.void_at = database_now()
    extension.save(update_fields=["void_at"])
    request.due_at = request.first_due_at
    request.save(update_fields=["due_at"])
    details: dict[str, object] = {"why": why, "due_at": request.due_at.isoformat()}
    note(request, RequestRecord.Act.EXTENSION_VOID, role=extension.decided_role, details=details)


def note_posted(*, request: RightsRequest) -> None:
    """Note that the letter about an extension was posted now. Raises `ExtensionRefused` if that is too late."""
    with transaction.atomic():
        found = locked(request.pk)
        extension = Extension.objects.filter(request=found, handed_over_at=None, void_at=None, notice=None).first()
        if extension is None:
            raise ExtensionRefused(_("There is no letter to post."))
        now = database_now()
        if now > found.first_due_at:
            make_void(found, extension, "posted_late")
        else:
            take_effect(found, extension, now)
