"""Operations of recipients: sweep, figures, alarms, permissions, and the third parties named in receipts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext as _

from privacy.inventory.third_parties import ThirdParties
from privacy.operations.queues import BULK, QueueOf
from privacy.operations.receivers import Receives
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER, Permissions
from privacy.operations.staff_pages import FirstPagePart, Need, list_url
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Lines, NotWatched, Severity, Watched
from privacy.recipients import tasks
from privacy.recipients.cached import forget_at_change
from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.queries import (
    by_recipient,
    endangered_deliveries,
    failed_deliveries,
    gone_recipients,
    late_deliveries,
    outstanding_deliveries,
)
from privacy.recipients.third_parties import third_parties

SEE_RECIPIENTS, SEE_DELIVERIES = "privacy.view_recipient", "privacy.view_delivery"
MANAGE = (SEE_RECIPIENTS, "privacy.add_recipient", "privacy.change_recipient", "privacy.settle_delivery")
_ATTEMPTS = "when it is tried next, and when no more: that it must be acknowledged in time is watched"


def recipients_to_show(_user: Any) -> dict[str, Any]:
    """Return which recipients are gone, and whose messages are late or failed."""
    return {
        "gone": list(gone_recipients()),
        "failed": by_recipient(failed_deliveries()),
        "late": by_recipient(late_deliveries()),
        "endangered": by_recipient(endangered_deliveries()),
    }


def needed_recipients(context: Mapping[str, Any]) -> Iterator[Need]:
    """Yield the cards of the first page: messages that failed, are overdue or due soon; recipients that are gone."""
    for name, label, needs in (
        ("failed", _("Messages to recipients that failed"), "failed"),
        ("late", _("Messages to recipients overdue"), "late"),
        ("endangered", _("Messages to recipients due soon"), "soon"),
    ):
        if rows := context[name]:
            count = sum(row.how_many for row in rows)
            yield Need(
                label, count, list_url("privacy_delivery", needs=needs), rows[0].oldest, is_urgent=needs != "soon"
            )
    if context["gone"]:
        page = list_url("privacy_recipient", state__exact=Recipient.State.GONE)
        yield Need(_("Recipients that no longer answer"), len(context["gone"]), page, is_urgent=True)


def _counted(deliveries: Callable[[], QuerySet[Delivery]], text: str) -> Callable[[], Lines]:
    """Return what an alarm says of deliveries: one line for each recipient."""

    def lines() -> Iterator[tuple[str, str]]:
        for name, count, oldest in by_recipient(deliveries()):
            yield name, text.format(count=count, name=name, oldest=f"{oldest:%Y-%m-%d %H:%M} UTC")

    return lines


OPERATIONS = [
    QueueOf(BULK, (tasks.send_delivery, tasks.send_due_deliveries)),
    ThirdParties(third_parties),
    Receives(post_save, forget_at_change, sender=Recipient),
    Receives(post_delete, forget_at_change, sender=Recipient),
    Permissions({PRIVACY_OFFICER: (*MANAGE, SEE_DELIVERIES), AUDITOR: (SEE_DELIVERIES,)}),
    Sweep("recipients", tasks.send_due_deliveries),
    Watched("deliveries_outstanding", "Messages to recipients not acknowledged yet.", rows=outstanding_deliveries),
    Watched(
        "deliveries_endangered",
        "Messages to recipients with less than six hours left.",
        rows=endangered_deliveries,
        deadline="deadline_at",
        severity=Severity.HOURLY,
        lines=_counted(endangered_deliveries, "{count} messages to {name} must be acknowledged, the first by {oldest}"),
    ),
    Watched(
        "deliveries_late",
        "Messages to recipients past their deadline.",
        rows=late_deliveries,
        deadline="deadline_at",
        severity=Severity.HOURLY,
        lines=_counted(late_deliveries, "{count} messages to {name} are overdue, the first since {oldest}"),
    ),
    Watched(
        "deliveries_failed",
        "Messages to recipients that failed.",
        rows=failed_deliveries,
        severity=Severity.HOURLY,
        lines=_counted(failed_deliveries, "{count} messages to {name} failed"),
    ),
    Watched(
        "recipients_gone",
        "Recipients that answered 410.",
        rows=gone_recipients,
        severity=Severity.HOURLY,
        line=lambda recipient: f"recipient {recipient} answered 410 (gone): it is no longer notified",
    ),
    NotWatched(Delivery, "due_at", _ATTEMPTS),
    FirstPagePart(
        "admin/first_page/recipients.html",
        recipients_to_show,
        (SEE_RECIPIENTS,),
        position=50,
        shows=("deliveries_endangered", "deliveries_late", "deliveries_failed", "recipients_gone"),
        needs=needed_recipients,
    ),
]
