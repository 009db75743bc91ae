"""Cancels unverified registrations after 24 hours.

The ordinary sweep erases them at once, with journal, receipt and legal holds. No notice is sent: the address is not
verified.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.users.models import User
from privacy.database.batches import BatchStep
from privacy.erasure.queries import subjects_with_an_open_case
from privacy.erasure.services import cancel_at_once
from privacy.policies.grounds import DeletionGround

logger = logging.getLogger(__name__)
BATCH = 500
# The sweep runs every ten minutes.
LATE_AFTER = dt.timedelta(hours=1)
# The person consented and did not use the service.
GROUND = DeletionGround.UNUSED


class VerifiedMeanwhile(Exception):
    """A person of the batch verified meanwhile: the others are cancelled without them."""


def remove_unverified() -> int:
    """Cancel every registration that is older than `UNVERIFIED_FOR` and not verified; return how many.

    A failure stops no other, and is tried again by the next run.
    """
    failing: set[UUID] = set()

    def due(keys: Sequence[UUID] | None) -> QuerySet[User]:
        stale = _stale().only("subject_id")
        return stale.exclude(pk__in=list(failing))[:BATCH] if keys is None else stale.filter(pk__in=list(keys))

    def failed(user: User, error: Exception) -> None:
        failing.add(user.pk)
        if not isinstance(error, VerifiedMeanwhile):
            logger.error("Unverified registration %s cannot be cancelled (%s)", user.pk, type(error).__name__)

    cancelling, removed, passed = BatchStep(due, _cancel, failed), 0, 0
    while (done := cancelling.take()) or len(failing) > passed:
        removed, passed = removed + done, len(failing)
    return removed


def overdue_registrations() -> QuerySet[User]:
    """Return the unverified registrations that should have been cancelled `LATE_AFTER` ago, oldest first."""
    return _stale().filter(created_at__lt=Now() - settings.UNVERIFIED_FOR - LATE_AFTER)


def _stale() -> QuerySet[User]:
    stale = User.objects.filter(verified_at__isnull=True, created_at__lt=Now() - settings.UNVERIFIED_FOR)
    # A legal hold may keep the account of an erased person.
    waiting = stale.filter(subject__erased_at__isnull=True)
    return waiting.exclude(subject_id__in=subjects_with_an_open_case()).order_by("created_at")


def _cancel(users: list[User]) -> None:
    cancelled = cancel_at_once(subjects=[user.subject_id for user in users], ground=GROUND)
    # Cancelling locked the rows: a later verification fails, and an earlier one is seen here.
    if User.objects.filter(subject__pk__in=cancelled, verified_at__isnull=False).exists():
        raise VerifiedMeanwhile("Somebody verified at the last moment.")
