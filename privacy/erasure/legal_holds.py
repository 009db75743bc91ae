"""What legal holds mean for an erasure: a hold or the sweep wins, never both; the end of a hold makes the rest due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from privacy.erasure.models import OPEN_STATES, ErasureCase, ErasureReceipt
from privacy.holds.models import LegalHold
from privacy.holds.queries import holds_of
from privacy.holds.services import NothingLeftToHold
from privacy.subjects.models import DataSubject

Holds = Mapping[UUID, list[LegalHold]]


def held_classes(holds: Holds, subject: UUID) -> set[str]:
    """Return the retention classes that are kept of a person."""
    return {name for hold in holds.get(subject, []) for name in hold.classes}


def present_holds(holds: list[LegalHold]) -> list[dict[str, Any]]:
    """Return what a receipt says of holds: what is kept, under which exception and basis, until when."""
    return [
        {
            "hold": str(hold.pk),
            "exception": hold.exception,
            "legal_basis": hold.legal_basis,
            "classes": hold.classes,
            "until": hold.until.isoformat(timespec="seconds"),
        }
        for hold in holds
    ]


def held_of(case: ErasureCase, receipt: ErasureReceipt | None) -> list[dict[str, Any]]:
    """Return what holds keep of a case: as its receipt says or, without a receipt, as they are now."""
    if receipt:
        return receipt.held
    if case.state == ErasureCase.State.COOLING_OFF:
        return held_now(case.subject_id)
    return case.held


def held_now(subject: UUID) -> list[dict[str, Any]]:
    """Return what holds would keep if a person were erased now: on which grounds, and until when."""
    return present_holds(holds_of([subject]).get(subject, []))


def kept_classes(case: ErasureCase) -> set[str]:
    """Return the retention classes that the last pass over a case's rows kept."""
    return {name for hold in case.held if not is_lost(hold) for name in hold["classes"]}


def is_lost(hold: Mapping[str, Any]) -> bool:
    """Whether a restore lost everything that this hold kept."""
    return set(hold["classes"]) <= set(hold.get("lost", []))


def wait_for_hold(case: ErasureCase, in_force: list[LegalHold], now: datetime) -> None:
    """Make a case wait until the first of its holds ends, or make it due if one has ended meanwhile; unsaved.

    A hold that keeps nothing any more is ignored.
    """
    ends = {str(hold.pk): hold.until for hold in in_force}
    keeping = [kept for kept in case.held if not is_lost(kept)]
    if not keeping:
        return
    case.state = ErasureCase.State.HELD
    case.due_at = case.next_attempt_at = min(ends.get(kept["hold"], now) for kept in keeping)
    case.deadline_at = case.due_at + settings.ERASE_WITHIN


def refuse_where_erasure_began(hold: LegalHold, **_more: Any) -> None:
    """Wait for a sweep that has locked this person. Raises `NothingLeftToHold` if their erasure began."""
    open_cases = ErasureCase.objects.select_for_update().filter(subject_id=hold.subject_id, state__in=OPEN_STATES)
    states = set(open_cases.values_list("state", flat=True))
    erased = DataSubject.objects.filter(pk=hold.subject_id, erased_at__isnull=False).exists()
    if ErasureCase.State.ROWS_ERASED in states or (erased and ErasureCase.State.HELD not in states):
        raise NothingLeftToHold(_("This person's data has already been erased. There is nothing left to hold."))


def make_due_at_release(hold: LegalHold, **_more: Any) -> None:
    """Make the case of a person due when a hold on them is released."""
    make_held_case_due(hold.subject_id)


def make_held_case_due(subject: UUID) -> None:
    """Make the held case of a person due at once."""
    ErasureCase.objects.filter(subject_id=subject, state=ErasureCase.State.HELD).update(
        due_at=Now(), next_attempt_at=Now(), deadline_at=Now() + settings.ERASE_WITHIN
    )
