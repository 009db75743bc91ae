"""Which erasures are open, due, late or failing."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now

from privacy.consent.queries import clauses_accepted
from privacy.erasure.models import OPEN_STATES, ErasureCase, ErasureReceipt
from privacy.policies.citations import cited_clauses

# States in which the portal has work to do; a held case waits for the end of a hold.
WAITING_STATES = (ErasureCase.State.COOLING_OFF, ErasureCase.State.ROWS_ERASED)
ALARM = timedelta(hours=6)


# A held case is erased again after its hold has ended.
_TO_DO = Q(state__in=WAITING_STATES) | Q(state=ErasureCase.State.HELD, due_at__lte=Now())


def cancellation_in_cooling_off(subject_id: UUID) -> ErasureCase | None:
    """Return the person's cancellation whose erasure has not begun, or None."""
    return ErasureCase.objects.filter(subject_id=subject_id, state=ErasureCase.State.COOLING_OFF).first()


def subjects_with_an_open_case() -> QuerySet[ErasureCase, UUID]:
    """Return the subjects of erasures in progress, for other queries to exclude."""
    return ErasureCase.objects.filter(state__in=OPEN_STATES).values_list("subject_id", flat=True)


def cancelled_among(subjects: Collection[UUID]) -> QuerySet[ErasureCase, UUID]:
    """Return those of these persons whose account is cancelled."""
    return subjects_with_an_open_case().filter(subject_id__in=subjects)


def due_cases(state: str, ground: str = "") -> QuerySet[ErasureCase]:
    """Return the cases whose next step is due by the database's clock, oldest first, locked for this transaction.

    With a ground, only those on it.

    Cases that another worker has locked are skipped, if the database can do that.
    """
    due = ErasureCase.objects.filter(state=state, due_at__lte=Now(), next_attempt_at__lte=Now()).order_by("due_at")
    if ground:
        due = due.filter(ground=ground)
    if state != ErasureCase.State.ROWS_ERASED:  # the last step notifies no one, so it needs no jurisdiction
        due = due.select_related("subject")
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True, of=("self",))
    return due


def due_cases_on(ground: str) -> QuerySet[ErasureCase]:
    """Return the unfinished cases on a ground whose next step is due."""
    return waiting_cases().filter(ground=ground, due_at__lte=Now(), next_attempt_at__lte=Now())


def waiting_cases() -> QuerySet[ErasureCase]:
    """Return every unfinished erasure, whether or not it is due."""
    return ErasureCase.objects.filter(state__in=WAITING_STATES)


def late_cases() -> QuerySet[ErasureCase]:
    """Return the cases whose deadline has passed and that are not finished."""
    return ErasureCase.objects.filter(_TO_DO, deadline_at__lt=Now()).order_by("deadline_at")


def endangered_cases() -> QuerySet[ErasureCase]:
    """Return the cases that are due and whose deadline is less than six hours ahead: the alarm before it is late."""
    near = ErasureCase.objects.filter(_TO_DO, due_at__lte=Now(), deadline_at__gte=Now(), deadline_at__lt=Now() + ALARM)
    return near.order_by("deadline_at")


def held_cases() -> QuerySet[ErasureCase]:
    """Return the cases of which a legal hold keeps something, the next end first."""
    return ErasureCase.objects.filter(state=ErasureCase.State.HELD).order_by("due_at")


def failing_cases() -> QuerySet[ErasureCase]:
    """Return the cases whose last attempt failed, the oldest deadline first."""
    return ErasureCase.objects.filter(_TO_DO).exclude(last_failure="").order_by("deadline_at")


def clauses_of(case: ErasureCase, receipt: ErasureReceipt | None) -> Mapping[str, str]:
    """Return by topic the clauses of the version that the person accepted last, as the receipt of a case names it."""
    return cited_clauses(receipt.version) if receipt and receipt.version else clauses_accepted(case.subject_id)


def cases_to_look_at() -> QuerySet[ErasureCase]:
    """Return the cases that are late, close to their deadline or failing, each once, the oldest deadline first.

    Each has `is_late` and `is_endangered`.
    """
    is_late = Q(deadline_at__lt=Now())
    is_endangered = Q(due_at__lte=Now(), deadline_at__gte=Now(), deadline_at__lt=Now() + ALARM)
    marked = ErasureCase.objects.annotate(
        is_late=ExpressionWrapper(is_late, BooleanField()),
        is_endangered=ExpressionWrapper(is_endangered, BooleanField()),
    )
    return marked.filter(_TO_DO & (is_late | is_endangered | ~Q(last_failure=""))).order_by("deadline_at")


def last_receipt(case: ErasureCase) -> ErasureReceipt | None:
    """Return the latest receipt of a case, or None."""
    return ErasureReceipt.objects.filter(case=case).select_related("version").order_by("-position").first()
