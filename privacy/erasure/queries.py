"""Which erasures are open, due, late or failing."""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.erasure.models import ErasureCase, ErasureReceipt

State = ErasureCase.State
OPEN = (State.COOLING_OFF, State.ROWS_ERASED)


def open_case(subject_id: UUID) -> ErasureCase | None:
    """Return the person's cancellation that can still be undone, or None."""
    return ErasureCase.objects.filter(subject_id=subject_id, state=State.COOLING_OFF).first()


def due_cases(state: str) -> QuerySet[ErasureCase]:
    """Return the cases whose next step is due by the database's clock, oldest first, locked for this transaction.

    Cases that another worker holds are passed over, where the database can.
    """
    due = ErasureCase.objects.filter(state=state, due_at__lte=Now(), next_attempt_at__lte=Now()).order_by("due_at")
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True)
    return due


def waiting_cases() -> QuerySet[ErasureCase]:
    """Return every erasure that is still to be done, whether or not it is due."""
    return ErasureCase.objects.filter(state__in=OPEN)


def late_cases() -> QuerySet[ErasureCase]:
    """Return the cases whose deadline has passed and that are not finished."""
    return ErasureCase.objects.filter(state__in=OPEN, deadline_at__lt=Now()).order_by("deadline_at")


def failing_cases() -> QuerySet[ErasureCase]:
    """Return the cases whose last attempt failed, the oldest deadline first."""
    return ErasureCase.objects.filter(state__in=OPEN).exclude(last_failure="").order_by("deadline_at")


def receipt_of(case: ErasureCase) -> ErasureReceipt | None:
    """Return the receipt of a finished case, or None."""
    return ErasureReceipt.objects.filter(case=case).select_related("version").first()
