"""What the first page of the admin shows: what needs somebody today, each part for those who may see it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.profiles.models import Profile
from accounts.staff import roles
from accounts.staff.models import SignInReset
from accounts.staff.people import numbers_to_compare
from accounts.staff.sign_in_resets import open_resets
from accounts.staff.staff_accounts import open_proposals
from accounts.users.models import User
from privacy.announcements.queries import running_announcements, versions_to_agree
from privacy.consent.tallies import people_by_version
from privacy.erasure.queries import cases_to_look_at, held_cases, waiting_cases
from privacy.evidence.staff_names import named
from privacy.holds.queries import asked_holds, ending_holds, holds_to_release
from privacy.inventory.declarations import Kind
from privacy.jurisdictions.jurisdictions import all_jurisdictions
from privacy.notices.queries import stuck_notices
from privacy.policies.queries import drafts, scheduled_versions, versions_in_force
from privacy.recipients.queries import (
    by_recipient,
    endangered_deliveries,
    failed_deliveries,
    gone_recipients,
    late_deliveries,
)

DAYS = 14
# Rows of one kind.
MOST = 50
BAR_WIDTH, BAR_GAP, CHART_HEIGHT = 16, 6, 60


@dataclass(frozen=True)
class Bar:
    """One day of the picture: where its bar stands, and how high."""

    day: date
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Registrations:
    """Registrations of one jurisdiction and kind over the last days."""

    jurisdiction: str
    kind: str
    bars: list[Bar]

    @property
    def total(self) -> int:
        """How many in all these days."""
        return sum(bar.count for bar in self.bars)


def first_page(user: Any) -> dict[str, Any]:
    """Return what this member of staff may see of what needs somebody today."""
    parts: dict[str, Any] = {}
    if user.has_perm(roles.ERASURES):
        parts |= {"erasures": _erasures() | {"may_retry": user.has_perm(roles.RETRY_ERASURE)}}
    if user.has_perm(roles.CORRECT) and (numbers := numbers_to_compare(MOST)):
        parts |= {"numbers": numbers}
    if user.has_perm(roles.SEE_HOLDS):
        parts |= {"holds": _holds()}
    if user.has_perm(roles.SEE_RECIPIENTS):
        parts |= {"recipients": _recipients()}
    if user.has_perm(roles.SEE_POLICIES):
        people = people_by_version()
        agreed = [(version, people.get(str(version.pk), 0)) for version in versions_in_force()]
        parts |= {"drafts": drafts(), "scheduled": scheduled_versions(), "in_force": agreed}
        parts |= {"to_agree": versions_to_agree(), "announcing": running_announcements().select_related("version")}
    if user.has_perm(roles.MESSAGES):
        parts |= {"stuck": _counted(stuck_notices(), "due_at")}
    if user.has_perm(roles.COUNTS):
        parts |= {"registrations": registrations_by_day(), "chart_width": DAYS * (BAR_WIDTH + BAR_GAP)}
    if user.has_perm(roles.PROPOSE_RESET) or user.has_perm(roles.CONFIRM_RESET):
        parts |= {"resets": [(reset, _page_of(reset)) for reset in open_resets()[:MOST]]}
    if user.is_superuser and (proposals := open_proposals()):
        parts |= {"staff_proposals": {"count": len(proposals), "oldest": proposals[0].proposed_at}}
    return {"parts": parts}


def registrations_by_day() -> list[Registrations]:
    """Return the registrations of the last fourteen days (UTC) by jurisdiction and kind."""
    today = timezone.now().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    recent = Profile.objects.filter(created_at__gte=datetime.combine(days[0], time.min, UTC))
    rows = recent.values_list("subject__jurisdiction", "kind", "created_at__date").annotate(count=Count("pk"))
    counts = Counter({(code, kind, day): count for code, kind, day, count in rows})
    highest = max(counts.values(), default=1)
    return [
        Registrations(code, kind.value, list(_bars(days, [counts[code, kind.value, day] for day in days], highest)))
        for code in all_jurisdictions()
        for kind in Kind
    ]


def _bars(days: list[date], counts: list[int], highest: int) -> Iterable[Bar]:
    for place, (day, count) in enumerate(zip(days, counts, strict=True)):
        height = round(count * CHART_HEIGHT / highest)
        yield Bar(day, count, place * (BAR_WIDTH + BAR_GAP), CHART_HEIGHT - height, height)


def _erasures() -> dict[str, Any]:
    return {
        "waiting": _counted(waiting_cases(), "due_at"),
        "held": held_cases().count(),
        "to_look_at": cases_to_look_at()[:MOST],
    }


def _page_of(reset: SignInReset) -> UUID | None:
    return User.objects.filter(subject_id=reset.subject_id).values_list("pk", flat=True).first()


def _holds() -> dict[str, Any]:
    return {
        "asked": named(asked_holds()[:MOST], "asked_by"),
        "to_release": named(holds_to_release()[:MOST], "release_asked_by"),
        "ending": ending_holds()[:MOST],
    }


def _recipients() -> dict[str, Any]:
    return {
        "gone": gone_recipients(),
        "failed": by_recipient(failed_deliveries()),
        "late": by_recipient(late_deliveries()),
        "endangered": by_recipient(endangered_deliveries()),
    }


def _counted(rows: QuerySet, due: str) -> dict[str, Any]:
    return {"count": rows.count(), "oldest": rows.order_by(due).values_list(due, flat=True).first()}
