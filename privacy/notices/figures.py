"""Figures of messages: how many wait and for how long, the state of gateways and budgets."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from privacy.evidence.clock import database_now
from privacy.limits.counting import RateLimited
from privacy.notices import gateways
from privacy.notices.backends import AddressRefused
from privacy.notices.limits import NEARLY_ALL, spent_budgets
from privacy.notices.models import Notice
from privacy.notices.queries import ended_notices, stuck_notices, waiting_codes, waiting_messages
from privacy.notices.reports import NOT_DELIVERED
from privacy.operations.staff_pages import Need
from privacy.operations.watching import Severity, Watched

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A code works for ten minutes; after a minute people request another one.
LATE_CODE_SECONDS = 60
# A gateway that refuses most addresses is misconfigured; fewer messages prove nothing.
FEWEST_REFUSED = 20


def oldest_seconds(notices: QuerySet[Notice]) -> float:
    """Return the age of the oldest of these messages in seconds, 0 where there is none."""
    oldest = notices.aggregate(oldest=Min("created_at"))["oldest"]
    return max(0.0, (database_now() - oldest).total_seconds()) if oldest else 0


def outcomes() -> dict[str, float]:
    """Return how many messages ended within an hour, by outcome: `sent`, or the name of what ended them."""
    rows = ended_notices(HOUR).values_list("state", "last_error").annotate(count=Count("pk"))
    ended: dict[str, float] = {}
    for state, error, count in rows:
        name = Notice.State.SENT.value if state == Notice.State.SENT else error or "failed"
        ended[name] = ended.get(name, 0) + count
    return ended


def budget_used() -> dict[str, float]:
    """Return the share of the SMS budget that was used within the last hour and day."""
    sms = {"channel": Notice.Channel.SMS, "state": Notice.State.SENT}
    return {
        "hour": ended_notices(HOUR).filter(**sms).count() / settings.SMS_PER_HOUR,
        "day": ended_notices(DAY).filter(**sms).count() / settings.SMS_PER_DAY,
    }


def folded() -> float:
    """Return how many equal messages were not sent within an hour."""
    return float(ended_notices(HOUR).aggregate(folded=Sum("folded"))["folded"] or 0)


def open_circuits() -> dict[str, float]:
    """Return 1 for each channel whose messages wait because its gateway does not answer."""
    return {channel: int(gateways.is_open(channel)) for channel in Notice.Channel.values}


def stuck_messages(_user: Any) -> dict[str, Any]:
    """Return how many messages are stuck, and since when."""
    stuck = stuck_notices()
    return {"count": stuck.count(), "oldest": stuck.order_by("due_at").values_list("due_at", flat=True).first()}


def needed_messages(context: Mapping[str, Any]) -> Iterator[Need]:
    """Yield the card of the first page, if messages are stuck."""
    if context["count"]:
        yield Need(_("Messages that are stuck"), context["count"], "#messages", context["oldest"], is_urgent=True)


def _stuck() -> Iterator[tuple[str, str]]:
    if stuck := stuck_notices().count():
        yield "stuck", f"{stuck} messages are stuck"


def _late_codes() -> Iterator[tuple[str, str]]:
    if (age := oldest_seconds(waiting_codes())) > LATE_CODE_SECONDS:
        yield "codes", f"the oldest code has waited for {age:.0f} seconds"


def _silent_gateways() -> Iterator[tuple[str, str]]:
    for channel, is_open in open_circuits().items():
        if is_open:
            yield f"gateway:{channel}", f"the gateway for {channel} does not answer: its messages wait"


def _bad_outcomes() -> Iterator[tuple[str, str]]:
    ended = outcomes()
    if beyond := ended.get(RateLimited.__name__, 0):
        yield "limits", f"{beyond} messages were not sent within an hour because they were too many"
    refused = ended.get(AddressRefused.__name__, 0) + ended.get(NOT_DELIVERED, 0)
    if FEWEST_REFUSED <= refused > ended.get("sent", 0):
        yield "refused", "gateways do not deliver most messages: check their configuration"


def _budgets() -> Iterator[tuple[str, str]]:
    for window, part in budget_used().items():
        if part >= NEARLY_ALL:
            yield f"budget:{window}", f"{part:.0%} of the SMS budget of the {window} is used"
    for spent in spent_budgets():
        name = "every country" if spent == "all" else spent
        yield f"spent:{spent}", f"codes by SMS to {name} are refused: the budget is used up"


WATCHED = [
    Watched("codes_waiting", "Codes that wait to be sent.", rows=waiting_codes),
    Watched(
        "codes_oldest_seconds",
        "Age in seconds of the oldest code that waits.",
        figure=lambda: oldest_seconds(waiting_codes()),
        severity=Severity.URGENT,
        lines=_late_codes,
    ),
    Watched("messages_waiting", "Other messages that wait to be sent.", rows=waiting_messages),
    Watched(
        "messages_oldest_seconds",
        "Age in seconds of the oldest of these messages.",
        figure=lambda: oldest_seconds(waiting_messages()),
    ),
    Watched(
        "notices_stuck",
        "Messages that were tried three times or more.",
        rows=stuck_notices,
        deadline="due_at",
        severity=Severity.HOURLY,
        lines=_stuck,
    ),
    Watched(
        "gateway_open",
        "1 while messages wait because a gateway is silent.",
        figure=open_circuits,
        by="gateway",
        severity=Severity.URGENT,
        lines=_silent_gateways,
    ),
    Watched(
        "notices_ended_1h",
        "Messages by how they ended within an hour.",
        figure=outcomes,
        by="outcome",
        severity=Severity.URGENT,
        lines=_bad_outcomes,
    ),
    Watched("notices_folded_1h", "Equal messages that were not sent.", figure=folded),
    Watched(
        "sms_budget_used",
        "Part of the SMS budget that is used.",
        figure=budget_used,
        by="window",
        severity=Severity.URGENT,
        lines=_budgets,
    ),
]
