"""`/metrics` for Prometheus: how erasures, holds, messages, recipients and the journal stand, counted at each scrape.

No figure names a person. With `METRICS_TOKEN` set, the scraper sends it as a bearer token; production needs one.
"""

import hmac
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min, QuerySet
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView  # type: ignore[import-untyped]  # it has no stubs
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.tries.models import TryTotal
from accounts.tries.totals import newest_totals
from portal.operations.alarms import uncounted_seconds
from portal.operations.message_figures import gauge, message_figures
from privacy.announcements.queries import (
    late_announcements,
    running_announcements,
    stalled_announcements,
    versions_to_agree,
)
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import endangered_cases, failing_cases, held_cases, late_cases, waiting_cases
from privacy.evidence.clock import database_now
from privacy.holds.queries import ending_holds, holds_in_force
from privacy.journal.lag import journal_lag
from privacy.journal.maintenance import in_maintenance, unreachable_since
from privacy.notices.queries import stuck_notices
from privacy.recipients.queries import failed_deliveries, gone_recipients, late_deliveries, outstanding_deliveries

RECENT = timedelta(days=1)


class PortalCollector(Collector):
    """Counts when it is asked, so that every process answers the same."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Name nothing ahead: that would ask the database while the process starts."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every figure."""
        yield gauge("portal_redis_away", "1 while the database stands in for Redis.", int(cache.is_away()))  # type: ignore[attr-defined]
        yield gauge("portal_maintenance", "1 while the portal serves nobody.", int(in_maintenance()))
        if in_maintenance():
            return
        due = waiting_cases().filter(due_at__lte=Now())
        yield gauge("portal_erasures_waiting", "Erasures that are to be done, due or not.", waiting_cases().count())
        yield gauge("portal_erasures_due", "Erasures that are due.", due.count())
        yield gauge("portal_erasures_endangered", "Due, less than six hours left.", endangered_cases().count())
        yield gauge("portal_erasures_late", "Erasures past their deadline.", late_cases().count())
        yield gauge("portal_erasures_failing", "Erasures whose last attempt failed.", failing_cases().count())
        yield gauge("portal_erasures_held", "Erasures of which a legal hold keeps something.", held_cases().count())
        yield gauge("portal_erasures_oldest_due_seconds", "Age of the oldest due erasure.", _oldest(due))
        yield from _durations()
        yield gauge("portal_holds", "Legal holds in force.", holds_in_force().count())
        yield gauge("portal_holds_ending", "Legal holds that end within fourteen days.", ending_holds().count())
        yield gauge("portal_notices_stuck", "Messages that were tried three times or more.", stuck_notices().count())
        yield from _recipients()
        yield from _announcements()
        lag = journal_lag()
        yield gauge(
            "portal_journal_store_away", "1 while the journal's bucket does not answer.", int(bool(unreachable_since()))
        )
        yield gauge("portal_journal_lag_rows", "Rows that the erasure journal does not have yet.", lag.rows)
        yield gauge("portal_journal_lag_seconds", "Age of the oldest of these rows.", lag.age.total_seconds())
        yield from message_figures()
        yield gauge(
            "portal_failed_sign_ins_oldest_seconds", "Age of the oldest failed sign-in that waits.", uncounted_seconds()
        )
        for kind, count in newest_totals().items():
            yield gauge(f"portal_tries_{kind}_5m", f"{_TRIED[kind]} by everybody within five minutes.", count)


_TRIED: dict[str, str] = {
    TryTotal.Kind.PASSWORD_FAILED: "Wrong passwords given",
    TryTotal.Kind.FACTOR_FAILED: "Wrong second factors given",
    TryTotal.Kind.CODE_ASKED: "Codes asked for",
}


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the scraper."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    if settings.IN_PRODUCTION and not settings.METRICS_TOKEN:
        raise Http404
    return ExportToDjangoView(request)


def _recipients() -> Iterator[GaugeMetricFamily]:
    """Yield how those who hold data elsewhere acknowledge what they are told."""
    outstanding, late, failed = outstanding_deliveries(), late_deliveries(), failed_deliveries()
    yield gauge("portal_deliveries_outstanding", "Messages that no recipient acknowledged yet.", outstanding.count())
    yield gauge("portal_deliveries_late", "Messages to recipients past their deadline.", late.count())
    yield gauge("portal_deliveries_failed", "Messages to recipients that were given up.", failed.count())
    yield gauge("portal_recipients_gone", "Recipients that answered 410.", gone_recipients().count())


def _announcements() -> Iterator[GaugeMetricFamily]:
    """Yield how the messages about policies get on, and how many people have not agreed yet."""
    running = running_announcements()
    left = sum(max(each.people - each.done, 0) for each in running)
    yield gauge("portal_announcements_people_left", "People who are yet to be written to about a policy.", left)
    yield gauge("portal_announcements_stalled", "Announcements that wrote to nobody.", stalled_announcements().count())
    yield gauge("portal_announcements_late", "Announcements too slow for their day.", len(late_announcements()))
    to_agree = sum(people for _version, people in versions_to_agree())
    yield gauge("portal_people_to_agree", "People who have not agreed to the policy in force.", to_agree)


def _durations() -> Iterator[GaugeMetricFamily]:
    """Yield how long it took within the last day: from cancellation to access dead, and from due to erased."""
    cancelled = ErasureCase.objects.filter(cancelled_at__gte=Now() - RECENT)
    ended = cancelled.aggregate(mean=Avg(_ENDED), most=Max(_ENDED))
    yield gauge("portal_access_end_seconds_mean_1d", "From cancelled to access dead, mean.", _seconds(ended["mean"]))
    yield gauge("portal_access_end_seconds_max_1d", "From cancelled to access dead, most.", _seconds(ended["most"]))
    # Of receipts, not of cases: where a hold ended, each pass has its own due time.
    recent = ErasureReceipt.objects.filter(erased_at__gte=Now() - RECENT)
    took = recent.aggregate(count=Count("pk"), mean=Avg(_TOOK), most=Max(_TOOK))
    yield gauge("portal_erasures_finished_1d", "Erasures finished within a day.", took["count"])
    yield gauge("portal_erasure_seconds_mean_1d", "From due to erased, mean.", _seconds(took["mean"]))
    yield gauge("portal_erasure_seconds_max_1d", "From due to erased, longest.", _seconds(took["most"]))


_TOOK = ExpressionWrapper(F("erased_at") - F("due_at"), output_field=DurationField())
_ENDED = ExpressionWrapper(F("access_ended_at") - F("cancelled_at"), output_field=DurationField())


def _oldest(due: QuerySet[ErasureCase]) -> float:
    oldest = due.aggregate(oldest=Min("due_at"))["oldest"]
    return _seconds(database_now() - oldest) if oldest else 0


def _seconds(duration: timedelta | None) -> float:
    return max(0.0, duration.total_seconds()) if duration else 0


REGISTRY.register(PortalCollector())
