"""Wrong passwords at sign-in: stored alike for every login, and counted afterwards for the person.

Counting a failure and notifying its owner take time that would show that an account exists. So the request writes one
row, the same for known and unknown logins. A sweep counts it, or the person's next right password does.
"""

import datetime as dt
import logging
from contextlib import suppress
from uuid import UUID, uuid4

from allauth.core import context
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import override

from accounts.security_events.devices import device_of
from accounts.security_events.failures_in_a_row import Authenticator, count_wrong
from accounts.security_events.models import SecurityEvent
from accounts.tries.failures import accept_right_answer
from accounts.tries.models import FailedSignIn, TryTotal
from accounts.tries.totals import count_total
from privacy.consent.queries import language_of
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)
BATCH = 1000


def judge_sign_in(subject_id: UUID | None, *, right: bool) -> bool:
    """Return whether a password counts as right: after too many failures it counts as wrong.

    The answer is then the one to a wrong password. `subject_id` is None where no account was found.
    """
    if right and subject_id:
        count_failed_sign_ins(subject_id)
        if accept_right_answer(subject_id, Authenticator.PASSWORD):
            return True
    count_total(TryTotal.Kind.PASSWORD_FAILED)
    failed = FailedSignIn(subject_id=subject_id or uuid4(), at=timezone.now(), device=device_of(context.request))
    with suppress(IntegrityError):  # the person was erased after the look-up
        failed.save(force_insert=True)
    return False


def count_failed_sign_ins(subject_id: UUID) -> int:
    """Count the wrong passwords of a person that wait to be counted; return how many there were."""
    mine = FailedSignIn.objects.filter(subject_id=subject_id)
    if not list(mine.values_list("pk")[:1]):
        return 0
    with transaction.atomic():
        lock_subjects([subject_id])
        waiting = list(mine.select_for_update().order_by("at", "pk"))
        with override(language_of(subject_id)):  # a sweep has no language of a request
            for one in waiting:
                count_wrong(subject_id, Authenticator.PASSWORD, at=one.at)
        failed = SecurityEvent.Kind.SIGN_IN_FAILED
        events = [SecurityEvent(subject_id=subject_id, kind=failed, at=one.at, device=one.device) for one in waiting]
        SecurityEvent.objects.bulk_create(events)
        mine.filter(pk__in=[one.pk for one in waiting]).delete()
    return len(waiting)


def count_all_failed_sign_ins(*, batch: int = BATCH) -> int:
    """Count waiting wrong passwords, oldest first, and delete those of unknown logins; return how many."""
    waiting = list(FailedSignIn.objects.order_by("at").values_list("pk", "subject_id")[:batch])
    meant = {subject_id for _pk, subject_id in waiting}
    known = set(DataSubject.objects.filter(pk__in=list(meant), erased_at=None).values_list("pk", flat=True))
    of_nobody = [pk for pk, subject_id in waiting if subject_id not in known]
    FailedSignIn.objects.filter(pk__in=of_nobody).delete()
    return len(of_nobody) + sum(_safely_counted(subject_id) for subject_id in sorted(known))


def oldest_failed_sign_in() -> dt.datetime | None:
    """Return the time of the oldest wrong password that is not counted, or None."""
    return FailedSignIn.objects.aggregate(oldest=Min("at"))["oldest"]


def _safely_counted(subject_id: UUID) -> int:
    """Count the wrong passwords of one person; an error stops no other."""
    try:
        return count_failed_sign_ins(subject_id)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - the message may hold an address: only the class is logged
        logger.error("Failed sign-ins of a person were not counted (%s)", type(error).__name__)  # noqa: TRY400
        return 0
