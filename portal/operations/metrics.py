"""`/metrics` for Prometheus: every figure that packages declare, counted at each scrape.

No figure identifies a person. With `METRICS_TOKEN` set, the scraper sends it as a bearer token; production needs one.
"""

import hmac
import http
import logging
import threading
import time
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView  # type: ignore[import-untyped]  # it has no stubs
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from portal.operations.reading import Unread, read_figure, read_or_log
from privacy.database.connecting import connects_once
from privacy.journal.maintenance import in_maintenance
from privacy.operations.collecting import declared
from privacy.operations.watching import Watched

logger = logging.getLogger(__name__)

# After this time a scrape begins no other figure: Prometheus waits ten seconds for all of them.
SCRAPE_SECONDS = 5.0
# How long a scrape waits for another one in the same process.
WAIT_SECONDS = 1.0
_scraping = threading.Lock()


class PortalCollector(Collector):
    """Counts at each scrape, so that every process answers the same."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: a description would query the database while the process starts."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return every figure, and which were not read; in maintenance mode, only figures that do not need the data."""
        read = _read_figures()
        unread = GaugeMetricFamily("portal_figure_unread", "1 for a figure that cannot be read.", labels=["figure"])
        for name, family in read.items():
            unread.add_metric([name], int(family is None))
        return iter([*(family for family in read.values() if family), unread])


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with all figures; 503 while another scrape of this process takes too long, so that it holds one thread."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    if settings.IN_PRODUCTION and not settings.METRICS_TOKEN:
        raise Http404
    if not _scraping.acquire(timeout=WAIT_SECONDS):
        logger.error("The metrics are not read: the scrape before has not ended.")
        return HttpResponse(status=http.HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        return ExportToDjangoView(request)
    finally:
        _scraping.release()


def _read_figures() -> dict[str, GaugeMetricFamily | None]:
    """Return each figure by its name, None where it cannot be read or the time of the scrape is over."""
    until = time.monotonic() + SCRAPE_SECONDS
    read: dict[str, GaugeMetricFamily | None] = {}
    late = []
    with connects_once():
        is_paused = in_maintenance()
        # First those that say why others cannot be read.
        for watched in sorted(declared(Watched), key=lambda watched: not watched.in_maintenance):
            if is_paused and not watched.in_maintenance:
                continue
            if time.monotonic() < until:
                read[watched.name] = _family(watched)
            else:
                read[watched.name] = None
                late.append(watched.name)
    if late:
        logger.error("Figures are not read within %s seconds: %s.", SCRAPE_SECONDS, ", ".join(late))
    return read


def _family(watched: Watched) -> GaugeMetricFamily | None:
    family = read_or_log(f"The figure {watched.name}", lambda: _gauge(watched))
    return None if isinstance(family, Unread) else family


def _gauge(watched: Watched) -> GaugeMetricFamily:
    name, label, value = f"portal_{watched.name}", str(watched.label), read_figure(watched)
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(name, label, value=value)
    family = GaugeMetricFamily(name, label, labels=[watched.by])
    for each, figure in value.items():
        family.add_metric([each], figure)
    return family


REGISTRY.register(PortalCollector())
