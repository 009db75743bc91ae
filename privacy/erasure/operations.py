"""Operations of erasures: sweep, messages, figures, alarms, permissions, and receivers of holds."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from privacy.erasure import figures, tasks
from privacy.erasure.account_page import CANCEL_PAGE
from privacy.erasure.copy_parts import ground_label
from privacy.erasure.earlier_receipts import keep_earlier_receipts
from privacy.erasure.journal import RECEIPTS
from privacy.erasure.legal_holds import make_due_at_release, refuse_where_erasure_began
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import (
    cancelled_among,
    endangered_cases,
    failing_cases,
    held_cases,
    late_cases,
    waiting_cases,
)
from privacy.erasure.restricting import resume_at_recipients, suspend_at_recipients
from privacy.erasure.suspending import SuspensionReason
from privacy.holds.services import hold_approved, hold_released
from privacy.inventory.value_labels import ValueLabel
from privacy.journal.restores import AfterRestore
from privacy.notices.messages import Message
from privacy.operations.receivers import Receives
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import MOST_NEWEST, FirstPagePart, PersonPart
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import NotWatched, Severity, Watched
from privacy.restriction.services import processing_restricted, processing_resumed

SEE_RECEIPTS = "privacy.view_erasurereceipt"


def _named(case: ErasureCase) -> str:
    # Not by its reference, which opens the receipt without signing in: the log and mails have no such key.
    return f"erasure {case.pk}"


def _cases(subject_id: UUID) -> dict[str, Any]:
    return {"rows": ErasureCase.objects.filter(subject_id=subject_id).order_by("-cancelled_at")[:MOST_NEWEST]}


OPERATIONS = [
    CANCEL_PAGE,
    RECEIPTS,
    AfterRestore(
        "receipts",
        lambda _restore: keep_earlier_receipts(),
        20,
        "Earlier receipts lost: {count}. The new receipts name them.",
    ),
    SuspensionReason("cancellation", cancelled_among),
    ValueLabel("erasure_ground", ground_label),
    Receives(hold_approved, refuse_where_erasure_began),
    Receives(hold_released, make_due_at_release),
    Receives(processing_restricted, suspend_at_recipients),
    Receives(processing_resumed, resume_at_recipients),
    *map(Message, ("account_cancelled", "cancellation_undone", "account_erased")),
    Permissions(
        {
            PRIVACY_OFFICER: (figures.SEE_ERASURES, figures.RETRY_ERASURE, SEE_RECEIPTS),
            AUDITOR: (SEE_RECEIPTS,),
        }
    ),
    Sweep("erasures", tasks.erase_due_accounts),
    Watched("erasures_waiting", "Unfinished erasures, due or not.", rows=waiting_cases),
    Watched("erasures_due", "Erasures that are due.", rows=figures.due_now, deadline="due_at"),
    Watched(
        "erasures_endangered",
        "Due erasures with less than six hours left.",
        rows=endangered_cases,
        deadline="deadline_at",
        severity=Severity.HOURLY,
        line=lambda case: f"{_named(case)} must be done by {case.deadline_at:%Y-%m-%d %H:%M} UTC",
    ),
    Watched(
        "erasures_late",
        "Erasures past their deadline.",
        rows=late_cases,
        deadline="deadline_at",
        severity=Severity.HOURLY,
        line=lambda case: f"{_named(case)} has been overdue since {case.deadline_at:%Y-%m-%d %H:%M} UTC",
    ),
    Watched(
        "erasures_failing",
        "Erasures whose last attempt failed.",
        rows=failing_cases,
        severity=Severity.HOURLY,
        line=lambda case: f"{_named(case)} fails ({case.last_failure}), attempt {case.attempts}",
    ),
    Watched("erasures_held", "Erasures with data under a legal hold.", rows=held_cases),
    *figures.DURATIONS,
    NotWatched(ErasureCase, "next_attempt_at", "when it is tried next; its deadline is watched"),
    NotWatched(ErasureReceipt, "due_at", "when an erasure that is done was due"),
    FirstPagePart(
        "admin/first_page/erasures.html",
        figures.erasures_to_show,
        (figures.SEE_ERASURES,),
        position=0,
        shows=("erasures_endangered", "erasures_late", "erasures_failing"),
        needs=figures.needed_erasures,
    ),
    PersonPart(
        "cancellations",
        _("Cancellations"),
        "admin/person/cancellations.html",
        _cases,
        figures.SEE_ERASURES,
        position=30,
    ),
]
