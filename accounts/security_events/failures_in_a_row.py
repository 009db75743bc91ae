"""Count wrong answers in a row: too many stop an authenticator, and its owner is notified (SP 800-63B-4, 3.2.2)."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from accounts.security_events.notices import notify
from accounts.tries.failures import accept_right_answer, count_failure, forget_failures
from accounts.tries.models import ConsecutiveFailures, TryTotal
from accounts.tries.totals import count_total
from accounts.users.models import User
from privacy.subjects.models import DataSubject

Authenticator = ConsecutiveFailures.Authenticator
# More than the typing errors of an owner.
FIRST_NOTICE_AT = 10


def judge(subject_id: UUID, authenticator: Authenticator, *, right: bool) -> bool:
    """Return whether an answer counts as right: after too many failures a right one counts as wrong.

    The caller gets the same answer as for a wrong one.
    """
    if right and accept_right_answer(subject_id, authenticator):
        return True
    password = authenticator == Authenticator.PASSWORD
    count_total(TryTotal.Kind.PASSWORD_FAILED if password else TryTotal.Kind.FACTOR_FAILED)
    count_wrong(subject_id, authenticator)
    return False


def count_wrong(subject_id: UUID, authenticator: Authenticator, *, at: dt.datetime | None = None) -> None:
    """Count a wrong answer, given now or `at`, and notify the owner where there are many in a row."""
    count = count_failure(subject_id, authenticator)
    if count in (FIRST_NOTICE_AT, settings.MOST_CONSECUTIVE_FAILURES):
        _notify_failures(subject_id, authenticator, count, at or timezone.now())


def _notify_failures(subject_id: UUID, authenticator: Authenticator, count: int, last: dt.datetime) -> None:
    stopped = "yes" if count >= settings.MOST_CONSECUTIVE_FAILURES else ""
    at = last.isoformat(timespec="minutes")
    context = {"what": authenticator.value, "count": str(count), "stopped": stopped, "at": at}
    # Failures at the app mean that the password is known: they are another notice than failures at the password.
    about = f"{authenticator.value}:{stopped}"
    notify(subject=DataSubject.objects.get(pk=subject_id), template="failures_in_a_row", words=context, about=about)


def reset_failures(user: User, **_more: object) -> None:
    """Reset the failures of a person who signed in."""
    # A completed sign-in passed every step, so that earlier failures no longer count.
    forget_failures(user.subject_id)
