"""Which recipients are notified, and which deliveries are due, outstanding, late or failed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Now

from privacy.recipients.models import Delivery, Recipient
from privacy.restriction.queries import restricted_subjects

# How long before its deadline an outstanding delivery raises an alarm, unless it has only just begun.
ALARM = dt.timedelta(hours=6)
JUST_BEGUN = dt.timedelta(minutes=10)
# Of these the later event counts, whichever arrives last.
ORDERED_EVENTS = (Delivery.Event.SUSPENDED, Delivery.Event.RESUMED)


def recipients_to_notify() -> QuerySet[Recipient]:
    """Return the recipients that hold data: active ones, and those that are gone."""
    return holding_recipients().only("id", "classes", "state").order_by()


def holding_recipients() -> QuerySet[Recipient]:
    """Return the recipients that hold data, by name."""
    return Recipient.objects.exclude(state=Recipient.State.RETIRED).order_by("name")


def gone_recipients() -> QuerySet[Recipient]:
    """Return the recipients that answered 410."""
    return Recipient.objects.filter(state=Recipient.State.GONE)


def due_deliveries() -> QuerySet[Delivery]:
    """Return the deliveries that are due by the database's clock, oldest first, without those that wait."""
    due = Delivery.objects.filter(state=Delivery.State.QUEUED, due_at__lte=Now())
    return due.exclude(pk__in=waiting_deliveries().values("pk")).order_by("due_at")


def waiting_deliveries() -> QuerySet[Delivery]:
    """Return the corrections of people whose data is only stored: they are sent when the restriction is lifted."""
    return Delivery.objects.filter(
        state=Delivery.State.QUEUED, event=Delivery.Event.CORRECTED, subject__in=restricted_subjects()
    )


def earlier_of_its_kind(delivery: Delivery) -> QuerySet[Delivery]:
    """Return the earlier suspensions and resumptions of the same person, for the same recipient."""
    same = Delivery.objects.filter(recipient_id=delivery.recipient_id, subject_id=delivery.subject_id)
    return same.filter(event__in=ORDERED_EVENTS, occurred_at__lt=delivery.occurred_at)


def outstanding_deliveries() -> QuerySet[Delivery]:
    """Return the deliveries that are not acknowledged yet, queued or failed, without those that wait."""
    outstanding = Delivery.objects.filter(state__in=(Delivery.State.QUEUED, Delivery.State.FAILED))
    return outstanding.exclude(pk__in=waiting_deliveries().values("pk"))


def late_deliveries() -> QuerySet[Delivery]:
    """Return the outstanding deliveries whose deadline has passed."""
    return outstanding_deliveries().filter(deadline_at__lt=Now()).order_by("deadline_at")


def endangered_deliveries() -> QuerySet[Delivery]:
    """Return the outstanding deliveries with less than six hours left, except those of the last ten minutes."""
    waiting = outstanding_deliveries().filter(occurred_at__lt=Now() - JUST_BEGUN)
    return waiting.filter(deadline_at__gte=Now(), deadline_at__lt=Now() + ALARM).order_by("deadline_at")


def failed_deliveries() -> QuerySet[Delivery]:
    """Return the deliveries whose attempts have ended without an acknowledgement, for staff."""
    return Delivery.objects.filter(state=Delivery.State.FAILED).order_by("deadline_at")


class Counted(NamedTuple):
    """How many deliveries of some kind a recipient has, and the oldest deadline among them."""

    recipient: str
    how_many: int
    oldest: dt.datetime


def by_recipient(deliveries: QuerySet[Delivery]) -> list[Counted]:
    """Return how many of some deliveries each recipient has, the oldest first, by one query."""
    counted = deliveries.order_by().values("recipient__name").annotate(count=Count("pk"), oldest=Min("deadline_at"))
    return [Counted(*row) for row in counted.order_by("oldest").values_list("recipient__name", "count", "oldest")]


def deliveries_of_case(case: UUID) -> QuerySet[Delivery]:
    """Return the deliveries of one erasure, in the order of their events."""
    deliveries = Delivery.objects.filter(case=case).exclude(state=Delivery.State.SUPERSEDED)
    return deliveries.select_related("recipient").order_by("occurred_at", "recipient__name")


def classes_notified(cases: Collection[UUID]) -> Mapping[tuple[UUID, UUID], set[str]]:
    """Return which classes each recipient was already notified to erase in these cases, by case and recipient."""
    classes: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for delivery in Delivery.objects.filter(event=Delivery.Event.ERASED, case__in=list(cases)):
        if delivery.case:
            classes[delivery.case, delivery.recipient_id] |= set(delivery.classes)
    return classes
