"""Queries for inactive accounts, by the clock of the database."""

import datetime as dt
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from accounts.contact_points.models import ContactPoint
from accounts.inactive.models import InactivityWarning
from accounts.users.models import User
from privacy.restriction.queries import restricted_subjects

WARNED_DAYS = (60, 7, 1)
FIRST = dt.timedelta(days=WARNED_DAYS[0])
# The latest of: the last sign-in, the last use of a session, the creation of the account.
LAST_USE = Greatest("created_at", Coalesce("last_login", "created_at"), Coalesce("last_used_at", "created_at"))

_FAILED_LAST = (F("failed_at").asc(nulls_first=True), "ends_at")


class SwitchedOff(RuntimeError):
    """UNUSED_AFTER is not set: no account counts as inactive."""


def inactive_after() -> dt.timedelta:
    """Return the time without use after which an account is cancelled. Raises `SwitchedOff` where none is set."""
    if settings.UNUSED_AFTER is None:
        raise SwitchedOff("UNUSED_AFTER is not set.")
    return settings.UNUSED_AFTER


def inactive_for(time: dt.timedelta, *, since: Any = None) -> QuerySet[User]:
    """Return the verified people, without staff, whose last use is at least `time` ago and not after `since`.

    Without those whose data is only stored: they want it to be neither used nor erased.
    `since` is a time or a database expression; None sets no limit.
    """
    people = User.objects.filter(verified_at__isnull=False, is_staff=False, is_superuser=False)
    people = people.exclude(subject_id__in=restricted_subjects())
    inactive = people.alias(last_use=LAST_USE).filter(last_use__lte=Now() - time)
    return inactive if since is None else inactive.filter(last_use__lte=since)


def people_to_warn() -> QuerySet[User]:
    """Return the people to warn for the first time: longest inactive first; those whose warning failed come last.

    A person without a verified contact point cannot be warned, and keeps the account.
    """
    own = {"subject_id": OuterRef("subject_id")}
    reached = ContactPoint.objects.filter(**own, verified_at__isnull=False)
    inactive = inactive_for(inactive_after() - FIRST).filter(Exists(reached), is_active=True)
    unwarned = inactive.filter(~Exists(InactivityWarning.objects.filter(**own)))
    return unwarned.order_by(F("warning_failed_at").asc(nulls_first=True), LAST_USE)


def valid_warnings(*, inactive: dt.timedelta | None = None) -> QuerySet[InactivityWarning]:
    """Return the warnings whose people may sign in and have not used their account since the first warning.

    With `inactive`, the last use must be at least that long ago.
    """
    people = inactive_for(inactive_after() - FIRST if inactive is None else inactive, since=OuterRef("begun_at"))
    return InactivityWarning.objects.filter(Exists(people.filter(subject_id=OuterRef("subject_id"), is_active=True)))


def waiting_warnings() -> QuerySet[InactivityWarning]:
    """Return the valid warnings that are not sent yet."""
    return valid_warnings().filter(sent_at__isnull=True)


def due_for_next() -> QuerySet[InactivityWarning]:
    """Return the valid warnings whose next warning is due, the earliest end first."""
    due = Q()
    for before, days in pairwise(WARNED_DAYS):
        due |= Q(days=before, ends_at__lte=Now() + dt.timedelta(days=days))
    return valid_warnings().filter(due, sent_at__isnull=False).order_by(*_FAILED_LAST)


def due_for_cancellation() -> QuerySet[InactivityWarning]:
    """Return the valid warnings whose last warning was sent and whose end is reached."""
    last = valid_warnings(inactive=inactive_after()).filter(days=WARNED_DAYS[-1], sent_at__isnull=False)
    return last.filter(ends_at__lte=Now()).order_by(*_FAILED_LAST)
