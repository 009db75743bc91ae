"""Counts of decided items by month, right, outcome, and days taken or why refused, without small groups."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from privacy.evidence.clock import database_now
from privacy.inventory.suppression import OTHER, suppress_small_groups
from privacy.policies.grounds import RetentionGround
from privacy.rights.choices import WITH_REASONS, ItemState, Right
from privacy.rights.models.evidence import RequestRecord

MONTHS = 24
# Up to how many days a group takes: the promise is 15, an extension up to 60.
DAYS = (1, 7, 15, 30, 60)
_BETWEEN = ":"


@dataclass(frozen=True)
class Count:
    """How many items of a right were decided in one way, in so many days or why refused, in a month like `2026-10`."""

    month: str
    right: str
    outcome: str
    days: str
    exception: str
    items: int


def counts_by_month() -> list[Count]:
    """Return the counts of the last whole months, newest first.

    They are made from the evidence, which outlives a request: an erasure changes no count that was shown. Each item is
    in one group, and no total stands beside its parts, so that no group of fewer than ten follows from the others. So
    refusals, also in part, are counted by their exception, and all others by the days taken: not the same items twice.
    """
    first, end = _first_and_end(database_now())
    decided = RequestRecord.objects.filter(act=RequestRecord.Act.DECIDED, at__gte=first, at__lt=end)
    received = dict(
        RequestRecord.objects.filter(act=RequestRecord.Act.RECEIVED, request__in=decided.values("request")).values_list(
            "request", "at"
        )
    )
    groups: Counter[tuple[str, str, str]] = Counter()
    columns = ("request", "right", "outcome", "at", "details__exception")
    for request, right, outcome, at, exception in decided.values_list(*columns).iterator():
        days = _days(at - received[request]) if request in received else ""
        said = exception or "" if outcome in WITH_REASONS else days
        groups[f"{at.astimezone(dt.UTC):%Y-%m}", right, f"{outcome}{_BETWEEN}{said}"] += 1
    kept = suppress_small_groups(groups)
    return [_count(*group, items) for group, items in sorted(kept.items(), key=lambda each: each[0], reverse=True)]


def _first_and_end(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the beginning of the first month that is counted, and of the present one, which is not whole yet."""
    end = now.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = end.year * 12 + end.month - 1 - MONTHS
    return end.replace(year=months // 12, month=months % 12 + 1), end


def _days(taken: dt.timedelta) -> str:
    return next((str(days) for days in DAYS if taken <= dt.timedelta(days=days)), "more")


def _count(month: str, right: str, group: str, items: int) -> Count:
    if group == OTHER:
        return Count(month, str(Right(right).label), _("other"), "", "", items)
    outcome, _between, said = group.partition(_BETWEEN)
    if outcome in WITH_REASONS:
        why = str(RetentionGround(said).label) if said in RetentionGround.values else "—"
        return Count(month, str(Right(right).label), str(ItemState(outcome).label), "", why, items)
    words = _("more than %(days)s") % {"days": DAYS[-1]} if said == "more" else _("up to %(days)s") % {"days": said}
    return Count(month, str(Right(right).label), str(ItemState(outcome).label), words if said else "—", "", items)
