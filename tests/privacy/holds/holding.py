"""Holds that are asked for, approved and over, and accounts that are due, for the tests of this room."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from privacy.holds.services import approve_hold, ask_for_hold
from tests.factories import pass_time

ASKS, APPROVES = uuid4(), uuid4()


def asked(user: User, *classes: str, days: float = 30, exception: str = "1.7.3") -> LegalHold:
    return ask_for_hold(
        subject=user.subject,
        exception=exception,
        legal_basis="Court order 12/2026",
        classes=classes or ("contact",),
        until=timezone.now() + timedelta(days=days),
        by=ASKS,
    )


def held(user: User, *classes: str, days: float = 30) -> LegalHold:
    return approve_hold(hold=asked(user, *classes, days=days), by=APPROVES)


def due(user: User) -> ErasureCase:
    case = cancel_account(subject=user.subject)
    pass_time(case, settings.COOLING_OFF)
    return case


def end(hold: LegalHold) -> None:
    """Let time pass until the hold is over."""
    over = timezone.now() - timedelta(seconds=1)
    LegalHold.objects.filter(pk=hold.pk).update(until=over)
    ErasureCase.objects.filter(subject_id=hold.subject_id, state="held").update(due_at=over, next_attempt_at=over)
