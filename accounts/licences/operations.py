"""Operations of licences: data store, page, sweeps, and figures of what is due or left over."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.licences import tasks
from accounts.licences.account_page import LICENCE_PAGE
from accounts.licences.data_store import LicencesStore
from accounts.licences.leftovers import late_files
from accounts.licences.models import Licence
from accounts.licences.queries import (
    REVIEW_LICENCES,
    SEE_LICENCES,
    licences_of,
    licences_to_review,
    reviews_due_soon,
    unexpired_licences,
)
from accounts.licences.restoring import restore_licences
from accounts.licences.told import APPROVED, ENDING, EXPIRED, REFUSED, RETURNED
from privacy.journal.restores import AfterRestore
from privacy.notices.limits import MessagePurpose
from privacy.notices.messages import Message
from privacy.operations.roles import REVIEWER, Permissions
from privacy.operations.staff_pages import FirstPagePart, Need, PersonPart, list_url, need_of, newest
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import MOST_LINES, NotWatched, Severity, Watched

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def _waiting(_user: Any) -> dict[str, Any] | None:
    licences = list(licences_to_review()[:MOST_LINES])
    return {"licences": licences} if licences else None


def _needed(context: Mapping[str, Any]) -> Iterator[Need]:
    licences, url = context["licences"], list_url("accounts_licence", needs="review")
    yield need_of(licences, gettext("Business licences to review"), url, licences[0].due_at)


def _of_person(subject_id: UUID) -> dict[str, Any]:
    return newest(licences_of(subject_id), "accounts_licence", subject_id)


OPERATIONS = [
    LicencesStore(),
    LICENCE_PAGE,
    AfterRestore("licences", restore_licences, 60, "Business licences deleted again or asked for again: {count}."),
    *(Message(template, MessagePurpose.ORDINARY) for template in (APPROVED, RETURNED, REFUSED, EXPIRED, ENDING)),
    Sweep("files of licences that are gone", tasks.remove_left_files, MINUTE),
    Sweep("keys of licences that are gone", tasks.destroy_orphaned_licence_keys, MINUTE),
    Sweep("licences whose business period is over", tasks.expire_due_licences, MINUTE),
    Sweep("reminders before a business period ends", tasks.remind_due_licences, HOUR),
    Permissions({REVIEWER: (SEE_LICENCES, REVIEW_LICENCES)}),
    FirstPagePart(
        "admin/first_page/licences.html",
        _waiting,
        (REVIEW_LICENCES,),
        position=25,
        shows=("licences_endangered",),
        needs=_needed,
    ),
    PersonPart("licences", _("Business licences"), "admin/person/licences.html", _of_person, SEE_LICENCES, position=15),
    Watched(
        "licences_endangered",
        _("Business licences to review within twelve hours"),
        rows=reviews_due_soon,
        deadline="due_at",
        severity=Severity.HOURLY,
        line=lambda licence: f"licence {licence.pk} must be reviewed by {licence.due_at:%Y-%m-%d %H:%M} UTC",
        seen_by=REVIEW_LICENCES,
    ),
    Watched(
        "licences_unexpired",
        _("Business licences that should have expired"),
        rows=unexpired_licences,
        deadline="expires_at",
        severity=Severity.HOURLY,
        line=lambda licence: f"licence {licence.pk} should have expired at {licence.expires_at:%Y-%m-%d %H:%M} UTC",
        seen_by=REVIEW_LICENCES,
    ),
    Watched(
        "licence_files_left",
        _("Files of deleted business licences that are still stored"),
        rows=late_files,
        severity=Severity.HOURLY,
        line=lambda name: f"the sealed file {name} belongs to no licence, and was not deleted",
        seen_by=REVIEW_LICENCES,
    ),
    NotWatched(Licence, "taken_until", "until when one reviewer has it; another may take it then"),
]
