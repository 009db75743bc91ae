"""How messages stand: what waits, for how long, what gateways, queues and budgets say. Figures, and alarms of them."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min, QuerySet, Sum
from kombu.exceptions import OperationalError
from prometheus_client.core import GaugeMetricFamily

from portal.runtime.celery_app import app as celery_app
from portal.runtime.queues import depths, seconds_unserved, silent_queues
from privacy.evidence.clock import database_now
from privacy.limits.counting import RateLimited
from privacy.notices import gateways
from privacy.notices.backends import AddressRefused
from privacy.notices.limits import NEARLY_ALL, spent_budgets
from privacy.notices.models import Notice
from privacy.notices.queries import ended_notices, waiting_codes, waiting_messages

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A code works for ten minutes; who waits for it a minute asks for another.
LATE_CODE_SECONDS = 60
# A gateway that refuses most addresses is set up wrongly; fewer messages say nothing.
FEWEST_REFUSED = 20


def message_figures() -> Iterator[GaugeMetricFamily]:
    """Yield the figures of messages, queues and gateways."""
    yield gauge("portal_codes_waiting", "Codes that wait to be sent.", waiting_codes().count())
    yield gauge("portal_codes_oldest_seconds", "Age of the oldest code that waits.", oldest_seconds(waiting_codes()))
    yield gauge("portal_messages_waiting", "Other messages that wait to be sent.", waiting_messages().count())
    yield gauge("portal_messages_oldest_seconds", "Age of the oldest of them.", oldest_seconds(waiting_messages()))
    yield from _queue_figures()
    opened = {channel: int(gateways.is_open(channel)) for channel in Notice.Channel.values}
    yield labelled("portal_gateway_open", "1 while messages wait because a gateway is silent.", "gateway", opened)
    yield labelled("portal_notices_ended_1h", "Messages by how they ended within an hour.", "outcome", outcomes())
    folded = ended_notices(HOUR).aggregate(folded=Sum("folded"))["folded"] or 0
    yield gauge("portal_notices_folded_1h", "Equal messages that were not sent.", folded)
    yield labelled("portal_sms_budget_used", "Part of the SMS budget that is used.", "window", budget_used())


def message_alarms() -> Iterator[tuple[str, str]]:
    """Yield what cannot wait, as kind and line."""
    if (age := oldest_seconds(waiting_codes())) > LATE_CODE_SECONDS:
        yield "codes", f"the oldest code has waited for {age:.0f} seconds"
    for channel in Notice.Channel.values:
        if gateways.is_open(channel):
            yield f"gateway:{channel}", f"the gateway for {channel} does not answer: its messages wait"
    for queue in silent_queues():
        yield f"queue:{queue}", f"the workers of queue {queue} do not answer"
    ended = outcomes()
    if beyond := ended.get(RateLimited.__name__, 0):
        yield "limits", f"{beyond} messages were not sent within an hour because they were too many"
    if FEWEST_REFUSED <= ended.get(AddressRefused.__name__, 0) > ended.get("sent", 0):
        yield "refused", "gateways permanently reject most messages: check their configuration"
    for window, part in budget_used().items():
        if part >= NEARLY_ALL:
            yield f"budget:{window}", f"{part:.0%} of the SMS budget of the {window} is used"
    for spent in spent_budgets():
        name = "every country" if spent == "all" else spent
        yield f"spent:{spent}", f"codes by SMS to {name} are refused: the budget is used up"


def oldest_seconds(notices: QuerySet[Notice]) -> float:
    """Return the age of the oldest of these messages in seconds, 0 where there is none."""
    oldest = notices.aggregate(oldest=Min("created_at"))["oldest"]
    return max(0.0, (database_now() - oldest).total_seconds()) if oldest else 0


def outcomes() -> dict[str, int]:
    """Return how many messages ended within an hour, by outcome: `sent`, or the name of what ended them."""
    rows = ended_notices(HOUR).values_list("state", "last_error").annotate(count=Count("pk"))
    ended: dict[str, int] = {}
    for state, error, count in rows:
        name = Notice.State.SENT.value if state == Notice.State.SENT else error or "failed"
        ended[name] = ended.get(name, 0) + count
    return ended


def budget_used() -> dict[str, float]:
    """Return which part of the SMS budget is used within the last hour and day."""
    sms = {"channel": Notice.Channel.SMS, "state": Notice.State.SENT}
    return {
        "hour": ended_notices(HOUR).filter(**sms).count() / settings.SMS_PER_HOUR,
        "day": ended_notices(DAY).filter(**sms).count() / settings.SMS_PER_DAY,
    }


def _queue_figures() -> Iterator[GaugeMetricFamily]:
    unserved = {queue: seconds_unserved(queue) for queue in settings.QUEUES}
    yield labelled("portal_queue_unserved_seconds", "Since a worker of the queue last answered.", "queue", unserved)
    try:
        waiting = depths(celery_app)
    except (OperationalError, OSError):  # without the broker every other figure still stands
        return
    yield labelled("portal_queue_depth", "Tasks that wait in the broker.", "queue", waiting)


def gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    """Return one figure."""
    return GaugeMetricFamily(name, help_text, value=value)


def labelled(name: str, help_text: str, label: str, values: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    """Return figures of one kind by a label."""
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for value, figure in values.items():
        family.add_metric([value], figure)
    return family
