"""Warn people who no longer use their account 60, 7 and 1 days before its end, then cancel it."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Expression, F, Min, Value
from django.db.models.functions import Greatest, Now
from django.utils.translation import override

from accounts.inactive.models import InactivityWarning
from accounts.inactive.queries import (
    FIRST,
    LAST_USE,
    WARNED_DAYS,
    due_for_cancellation,
    due_for_next,
    inactive_after,
    inactive_for,
    people_to_warn,
    valid_warnings,
    waiting_warnings,
)
from accounts.users.models import User
from privacy.consent.queries import language_of
from privacy.erasure.services import AlreadyCancelled, cancel_account
from privacy.notices.addresses import addresses_of
from privacy.notices.models import Notice
from privacy.notices.services import send_notice
from privacy.policies.grounds import DeletionGround
from privacy.subjects.models import DataSubject

logger = logging.getLogger(__name__)

# How many people one run processes for each step; the next run continues.
BATCH = 1_000
TEMPLATE = "account_unused"


class UsedMeanwhile(Exception):
    """The person used the account just before the cancellation, which does not happen."""


def sweep_inactive_accounts(*, batch: int = BATCH) -> int:
    """Warn or cancel each inactive account that is due; return how many.

    Deletes the warnings of accounts that were used meanwhile, and all warnings where UNUSED_AFTER is not set.
    """
    if settings.UNUSED_AFTER is None:
        InactivityWarning.objects.all().delete()
        return 0
    InactivityWarning.objects.exclude(pk__in=valid_warnings().values("pk")).delete()
    _each(waiting_warnings().values_list("pk", flat=True), follow_up)
    cancelled = _each(due_for_cancellation().values_list("pk", flat=True)[:batch], cancel_inactive)
    reminded = _each(due_for_next().values_list("pk", flat=True)[:batch], send_next_warning)
    return (
        cancelled + reminded + _each(people_to_warn().values_list("subject_id", flat=True)[:batch], send_first_warning)
    )


def send_first_warning(subject_id: UUID) -> bool:
    """Warn a person for the first time, 60 days or more before the end. Returns False where that is done already."""
    # The lock serialises two workers: the second finds the warning of the first.
    subject = DataSubject.objects.select_for_update(no_key=True).get(pk=subject_id)
    found = people_to_warn().filter(subject_id=subject_id).values_list(LAST_USE, Now()).first()
    if found is None:
        return False
    last_use, now = found
    ends_at = max(last_use + inactive_after(), now + FIRST)
    _send(InactivityWarning.objects.create(subject=subject, days=WARNED_DAYS[0], ends_at=ends_at))
    return True


def follow_up(warning_id: int) -> bool:
    """Record when a warning was sent, or queue it again where no gateway accepted it. Return whether either was done.

    A late warning moves the end. A message whose row is gone was sent, and then deleted by age.
    """
    warning = InactivityWarning.objects.get(pk=warning_id)
    messages = Notice.objects.filter(pk__in=warning.notices)
    states = list(messages.values_list("state", flat=True))
    if Notice.State.SENT in states or len(states) < len(warning.notices):
        return _note_sent(warning, messages.filter(state=Notice.State.SENT).aggregate(first=Min("ended_at"))["first"])
    return Notice.State.QUEUED not in states and _queue(warning, warning.days)


def send_next_warning(warning_id: int) -> bool:
    """Queue the next warning where it is due; return whether it was queued."""
    warning = due_for_next().filter(pk=warning_id).first()
    return warning is not None and _queue(warning, WARNED_DAYS[WARNED_DAYS.index(warning.days) + 1])


def cancel_inactive(warning_id: int) -> bool:
    """Cancel an account that was warned three times and is still inactive; return whether it was cancelled.

    Cancelling locks the person's row: the last check sees an earlier sign-in, and a later one waits.
    """
    warning = due_for_cancellation().filter(pk=warning_id).select_related("subject").first()
    if warning is None:
        return False
    subject = warning.subject
    try:
        with transaction.atomic(), override(language_of(subject.pk)):
            cancel_account(subject=subject, ground=DeletionGround.UNUSED)
            _require_inactive(warning)
            warning.delete()
    except (AlreadyCancelled, UsedMeanwhile):
        return False
    return True


def _require_inactive(warning: InactivityWarning) -> None:
    """Check inactivity again, after the row is locked. Raises `UsedMeanwhile`."""
    inactive = inactive_for(inactive_after(), since=warning.begun_at).filter(subject_id=warning.subject_id)
    if not inactive.update(is_active=False):
        raise UsedMeanwhile("The person used the account at the last moment.")


def _queue(warning: InactivityWarning, days: int) -> bool:
    """Queue a warning, unless the account was used or another worker did. The end is at least `days` away."""
    mine = valid_warnings().filter(pk=warning.pk, queued=warning.queued)
    if not mine.update(
        days=days,
        queued=F("queued") + 1,
        sent_at=None,
        ends_at=Greatest("ends_at", Now() + dt.timedelta(days=days)),
    ):
        return False
    _send(warning)
    return True


def _send(warning: InactivityWarning) -> None:
    warning.refresh_from_db()
    notices = [
        send_notice(
            subject=warning.subject,
            channel=address.channel,
            address=address.value,
            template=TEMPLATE,
            language=language_of(warning.subject_id),
            context={"until": warning.ends_at.isoformat(timespec="minutes")},
        )
        for address in addresses_of(warning.subject)
    ]
    InactivityWarning.objects.filter(pk=warning.pk).update(notices=[str(notice.pk) for notice in notices])


def _note_sent(warning: InactivityWarning, sent_at: dt.datetime | None) -> bool:
    at: Expression = Value(sent_at, DateTimeField()) if sent_at else Now()
    mine = InactivityWarning.objects.filter(pk=warning.pk, queued=warning.queued, sent_at__isnull=True)
    return bool(mine.update(sent_at=at, ends_at=Greatest("ends_at", at + dt.timedelta(days=warning.days))))


def _each(keys: Iterable[Any], act: Callable[[Any], bool]) -> int:
    return sum(_safely(key, act) for key in list(keys))


def _safely(key: Any, act: Callable[[Any], bool]) -> bool:
    """Act for one person in one transaction. A failure stops no other person; the next run processes it last."""
    try:
        with transaction.atomic():
            return act(key)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - see above; the message may hold an address: only the class is logged
        logger.error("An inactive account failed at %s with %s", act.__name__, type(error).__name__)  # noqa: TRY400
        _put_behind(key, act)
        return False


def _put_behind(key: Any, act: Callable[[Any], bool]) -> None:
    if act is send_first_warning:
        User.objects.filter(subject_id=key).update(warning_failed_at=Now())
    else:
        InactivityWarning.objects.filter(pk=key).update(failed_at=Now())
