"""The end of a business period: three reminders before it, and the licence expires at the end of its last day."""

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from accounts.licences.models import Licence
from accounts.licences.moving import move
from accounts.licences.queries import REMINDED_DAYS, ended_licences, licences_to_remind
from accounts.licences.states import LicenceState
from accounts.licences.told import tell_ending, tell_state
from privacy.encryption.keys import forget_keys
from privacy.evidence.clock import database_now
from privacy.subjects.locking import lock_subjects

logger = logging.getLogger(__name__)
BATCH = 100


def expire_due_licences(*, batch: int = BATCH) -> int:
    """Move the licences whose business period is over to `expired`, and tell their people; return how many."""
    return _each(ended_licences()[:batch], expire)


def remind_due_licences(*, batch: int = BATCH) -> int:
    """Send the reminders 60, 30 and 7 days before the end that are due, each once; return how many.

    After a pause only the latest that is due is sent.
    """
    return _each(licences_to_remind()[:batch], remind)


def expire(licence_id: UUID) -> bool:
    """Let one licence expire where it is due; return whether it did."""
    found = _locked(licence_id)
    if not ended_licences().filter(pk=licence_id).exists():
        return False
    move(found, LicenceState.EXPIRED)
    found.save()
    tell_state(found)
    return True


def remind(licence_id: UUID) -> bool:
    """Send the next reminder of one licence where it is due; return whether it was sent."""
    found = _locked(licence_id)
    if not licences_to_remind().filter(pk=licence_id).exists() or found.expires_at is None:
        return False
    left = found.expires_at - database_now()
    found.reminded = min(days for days in REMINDED_DAYS if left.total_seconds() <= days * 86_400)
    found.save(update_fields=["reminded"])
    tell_ending(found, found.reminded)
    return True


def _locked(licence_id: UUID) -> Licence:
    subject_id = Licence.objects.values_list("subject_id", flat=True).get(pk=licence_id)
    lock_subjects([subject_id])
    return Licence.objects.select_related("subject").get(pk=licence_id)


def _each(licences: Iterable[Licence], act: Callable[[UUID], bool]) -> int:
    done = 0
    for licence in list(licences):
        done += _safely(licence.pk, act)
        forget_keys()
    return done


def _safely(licence_id: UUID, act: Callable[[UUID], bool]) -> bool:
    """Act for one licence in one transaction. A failure stops no other; the figures raise an alarm if it lasts."""
    try:
        with transaction.atomic():
            return act(licence_id)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - its text may hold values: only its name is kept
        logger.error("Licence %s failed at %s with %s", licence_id, act.__name__, type(error).__name__)  # noqa: TRY400
        return False
