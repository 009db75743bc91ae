"""Registrations that were never verified are cancelled after 24 hours; till then they block nobody.

The ordinary sweep erases them at once, with journal, receipt and legal holds as everybody else. Nobody is told: nobody
proved that the address is theirs.
"""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.queries import subjects_with_an_open_case
from privacy.erasure.services import cancel_at_once

BATCH = 500
# Consent was given and nothing was unlawful: whoever never gives the code does not use the service.
GROUND = ErasureCase.Ground.UNUSED


class VerifiedMeanwhile(Exception):
    """Somebody of the batch verified at the last moment: it is chosen anew, without them."""


def remove_unverified() -> int:
    """Cancel every registration that is older than `UNVERIFIED_FOR` and not verified; return how many."""
    removed = 0
    while subjects := list(_stale().values_list("subject_id", flat=True)[:BATCH]):
        try:
            removed += _cancel(subjects)
        except VerifiedMeanwhile:
            continue
    return removed


def _stale() -> QuerySet[User]:
    stale = User.objects.filter(verified_at__isnull=True, created_at__lt=Now() - settings.UNVERIFIED_FOR)
    # Of a person who was erased, a legal hold may keep the account.
    waiting = stale.filter(subject__erased_at__isnull=True)
    return waiting.exclude(subject_id__in=subjects_with_an_open_case()).order_by("created_at")


@transaction.atomic
def _cancel(subjects: list[UUID]) -> int:
    cancelled = cancel_at_once(subjects=subjects, ground=GROUND)
    # Cancelling locked their rows: whoever verifies now comes too late, and whoever did is seen.
    if User.objects.filter(subject__pk__any=cancelled, verified_at__isnull=False).exists():
        raise VerifiedMeanwhile("Somebody verified at the last moment.")
    return len(cancelled)
