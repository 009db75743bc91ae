"""Accounts whose erasure is due or done, the keys that they have left, and holds that keep something of them."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from accounts.users.models import User
from privacy.encryption.models import DataKey
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from privacy.holds.services import approve_hold, ask_for_hold, ask_for_release, release_hold
from tests.factories import pass_time

ASKS, APPROVES = uuid4(), uuid4()


def due(user: User) -> ErasureCase:
    """Cancel an account, and let its cooling-off period pass."""
    case = cancel_account(subject=user.subject)
    pass_time(case, settings.COOLING_OFF)
    return case


def erase(user: User) -> ErasureCase:
    """Cancel, let the cooling-off period pass, and run the erasures that are due."""
    case = due(user)
    erase_due_accounts()
    case.refresh_from_db()
    return case


def usable_keys(user: User) -> list[str]:
    """The classes whose keys a person still has, in order."""
    living = DataKey.objects.filter(owner=user.subject_id, wrapped__isnull=False)
    return sorted(living.values_list("retention_class", flat=True))


def asked(user: User, *classes: str, days: float = 30, exception: str = "1.7.3") -> LegalHold:
    """A hold that one member of staff asked for; on contact data, unless said otherwise."""
    return ask_for_hold(
        subject=user.subject,
        exception=exception,
        legal_basis="Court order 12/2026",
        classes=classes or ("contact",),
        until=timezone.now() + timedelta(days=days),
        by=ASKS,
    )


def held(user: User, *classes: str, days: float = 30) -> LegalHold:
    """A hold that a second member of staff approved."""
    return approve_hold(hold=asked(user, *classes, days=days), by=APPROVES)


def release(hold: LegalHold) -> LegalHold:
    """Let two members of staff end a hold."""
    ask_for_release(hold=hold, by=ASKS)
    return release_hold(hold=hold, by=APPROVES)


def end(hold: LegalHold) -> None:
    """Let time pass until the hold is over."""
    over = timezone.now() - timedelta(seconds=1)
    LegalHold.objects.filter(pk=hold.pk).update(until=over)
    ErasureCase.objects.filter(subject_id=hold.subject_id, state="held").update(due_at=over, next_attempt_at=over)
