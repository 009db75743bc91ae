"""`/metrics` for Prometheus: every figure that packages declare, counted at each scrape.

No figure identifies a person. With `METRICS_TOKEN` set, the scraper sends it as a bearer token; production needs one.
"""

import hmac
import logging
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView  # type: ignore[import-untyped]  # it has no stubs
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from privacy.journal.maintenance import in_maintenance
from privacy.operations.collecting import declared
from privacy.operations.watching import Watched

logger = logging.getLogger(__name__)


class PortalCollector(Collector):
    """Counts at each scrape, so that every process answers the same."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: a description would query the database while the process starts."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every figure; in maintenance mode only those that do not depend on restored data."""
        is_paused = in_maintenance()
        for watched in declared(Watched):
            if watched.in_maintenance or not is_paused:
                yield from _gauges(watched)


def metrics(request: HttpRequest) -> HttpResponse:
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    if settings.IN_PRODUCTION and not settings.METRICS_TOKEN:
        raise Http404
    return ExportToDjangoView(request)


def _gauges(watched: Watched) -> Iterator[GaugeMetricFamily]:
    """Yield the figure; none where it cannot be read, so that all others are still scraped. The alarm says so."""
    try:
        yield _gauge(watched)
    except Exception as error:  # noqa: BLE001 - whatever it is must not stop the other figures
        # Without a trace: an error of the database may quote a row.
        logger.error("The figure %s cannot be read (%s).", watched.name, type(error).__name__)  # noqa: TRY400


def _gauge(watched: Watched) -> GaugeMetricFamily:
    name, label, value = f"portal_{watched.name}", str(watched.label), watched.value()
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(name, label, value=value)
    family = GaugeMetricFamily(name, label, labels=[watched.by])
    for each, figure in value.items():
        family.add_metric([each], figure)
    return family


REGISTRY.register(PortalCollector())
