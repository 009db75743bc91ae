"""Figures of erasures: how long they take, the oldest that is due, and what staff see of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import cases_to_look_at, held_cases, waiting_cases
from privacy.evidence.clock import database_now
from privacy.operations.staff_pages import Need, list_url, need_of
from privacy.operations.watching import MOST_LINES, Watched

SEE_ERASURES, RETRY_ERASURE = "privacy.view_erasurecase", "privacy.retry_erasurecase"
RECENT = timedelta(days=1)
_TOOK = ExpressionWrapper(F("erased_at") - F("due_at"), output_field=DurationField())
_ENDED = ExpressionWrapper(F("access_ended_at") - F("cancelled_at"), output_field=DurationField())


def due_now() -> QuerySet[ErasureCase]:
    """Return the erasures that are due."""
    return waiting_cases().filter(due_at__lte=Now())


def erasures_to_show(user: Any) -> dict[str, Any]:
    """Return how many erasures wait, and those that are late, close to their deadline, or failing."""
    waiting = waiting_cases()
    return {
        "count": waiting.count(),
        "oldest": waiting.order_by("due_at").values_list("due_at", flat=True).first(),
        "held": held_cases().count(),
        "to_look_at": list(cases_to_look_at()[:MOST_LINES]),
        "may_retry": user.has_perm(RETRY_ERASURE),
    }


def needed_erasures(context: Mapping[str, Any]) -> Iterator[Need]:
    """Yield the cards of the first page: what is overdue, what is due soon, and what else fails."""
    cases: list[Any] = context["to_look_at"]
    late = [case for case in cases if case.is_late]
    soon = [case for case in cases if case.is_endangered]
    failing = [case for case in cases if not (case.is_late or case.is_endangered)]
    for found, label, needs in (
        (late, _("Erasures overdue"), "late"),
        (soon, _("Erasures due soon"), "soon"),
        (failing, _("Erasures failing"), "failing"),
    ):
        if found:
            page = list_url("privacy_erasurecase", needs=needs)
            yield need_of(found, label, page, found[0].deadline_at, is_urgent=needs != "soon")


def oldest_due_seconds() -> float:
    """Return the age of the oldest due erasure in seconds, 0 where none is due."""
    oldest = due_now().aggregate(oldest=Min("due_at"))["oldest"]
    return _seconds(database_now() - oldest) if oldest else 0


def _access_end(aggregate: type[Avg | Max]) -> Callable[[], float]:
    """Return a figure: seconds from a cancellation until access had ended, within the last day."""
    return lambda: _seconds(
        ErasureCase.objects.filter(cancelled_at__gte=Now() - RECENT).aggregate(took=aggregate(_ENDED))["took"]
    )


def _erasure(aggregate: type[Avg | Max]) -> Callable[[], float]:
    """Return a figure: seconds from due to erased, within the last day, by receipts; after a hold, each pass counts."""
    return lambda: _seconds(_recent().aggregate(took=aggregate(_TOOK))["took"])


def _finished() -> float:
    return float(_recent().aggregate(count=Count("pk"))["count"])


def _recent() -> QuerySet[ErasureReceipt]:
    return ErasureReceipt.objects.filter(erased_at__gte=Now() - RECENT)


def _seconds(duration: timedelta | None) -> float:
    return max(0.0, duration.total_seconds()) if duration else 0


DURATIONS = [
    Watched(
        "erasures_oldest_due_seconds",
        "Age in seconds of the oldest due erasure.",
        figure=oldest_due_seconds,
    ),
    Watched("access_end_seconds_mean_1d", "Seconds until access ended, mean.", figure=_access_end(Avg)),
    Watched("access_end_seconds_max_1d", "Seconds until access ended, most.", figure=_access_end(Max)),
    Watched("erasures_finished_1d", "Erasures finished within a day.", figure=_finished),
    Watched("erasure_seconds_mean_1d", "Seconds from due to erased, mean.", figure=_erasure(Avg)),
    Watched("erasure_seconds_max_1d", "Seconds from due to erased, most.", figure=_erasure(Max)),
]
