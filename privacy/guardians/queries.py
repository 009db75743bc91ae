"""Which children wait for a guardian, whose time is over, and which link belongs to whom."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from privacy.guardians.models.pending import GuardianLink, PendingChild
from privacy.guardians.tokens import keyed

SEE_PENDING, CONFIRM_GUARDIAN = "privacy.view_pendingchild", "privacy.confirm_guardian"
SEE_GUARDIANSHIPS, DECIDE_FOR_CHILD = "privacy.view_guardianship", "privacy.decide_for_child"
ASK_FOR = dt.timedelta(days=7)
# When a guardian is reminded, counted from the first message.
REMIND_AFTER = (dt.timedelta(days=2), dt.timedelta(days=5))
LATE_AFTER = dt.timedelta(hours=1)


def child_with_token(token: str) -> PendingChild | None:
    """Return the child to which the link with this secret leads; None if there is none, or the time is over."""
    return PendingChild.objects.filter(links__token_hash=keyed(token), expires_at__gt=Now()).first()


def is_second_token(token: str) -> bool:
    """Whether the link with this secret was sent to a second contact point."""
    return GuardianLink.objects.filter(token_hash=keyed(token), is_second=True).exists()


def ended_children() -> QuerySet[PendingChild]:
    """Return the children whose guardian did not answer in time, oldest first."""
    return PendingChild.objects.filter(expires_at__lte=Now()).order_by("expires_at")


def children_to_remind() -> QuerySet[PendingChild]:
    """Return the children of whom their guardian is reminded now."""
    unanswered = PendingChild.objects.filter(state=PendingChild.State.ASKED, expires_at__gt=Now())
    due = PendingChild.objects.none()
    for number, after in enumerate(REMIND_AFTER):
        due |= unanswered.filter(reminders=number, asked_at__lte=Now() - after)
    return due.order_by("asked_at")


def children_kept_too_long() -> QuerySet[PendingChild]:
    """Return the children who should have been gone an hour ago."""
    return PendingChild.objects.filter(expires_at__lte=Now() - LATE_AFTER).order_by("expires_at")


def waiting_child(child_id: UUID | str) -> PendingChild | None:
    """Return a child who waits, by their number; None if they are gone."""
    return PendingChild.objects.filter(pk=child_id, expires_at__gt=Now()).first()
