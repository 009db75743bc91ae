"""Lets time pass for inactive accounts (it moves the rows, not the database's clock), and reads the results."""

import datetime as dt

from django.db.models import F
from django.utils import timezone

from accounts.inactive.models import InactivityWarning
from accounts.inactive.services import sweep_inactive_accounts
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.notices.models import Notice
from privacy.notices.services import send_due_notices

TIMES = {
    User: ("created_at", "verified_at", "last_login", "last_used_at"),
    InactivityWarning: ("begun_at", "sent_at", "ends_at"),
    Notice: ("due_at", "ended_at"),
}


def pass_days(days: float) -> None:
    """Move every row of people, warnings and messages into the past."""
    by = dt.timedelta(days=days)
    for model, names in TIMES.items():
        model._default_manager.update(**{name: F(name) - by for name in names})


def sweep_and_send() -> int:
    """Warn or cancel due accounts, send the messages, and record that; return how many were due."""
    taken = sweep_inactive_accounts()
    send_due_notices()
    return taken + sweep_inactive_accounts()


def warn_three_times() -> None:
    """From a year without use to the last moment before the cancellation."""
    for days in (306, 53, 6):
        pass_days(days)
        assert sweep_and_send() == 1
    pass_days(0.99)


def current_warning() -> InactivityWarning:
    """The only warning."""
    return InactivityWarning.objects.get()


def days_left() -> float:
    """The days until the end."""
    return round((current_warning().ends_at - timezone.now()) / dt.timedelta(days=1), 1)


def warned() -> list[str]:
    """The states of the messages that warn."""
    return list(Notice.objects.filter(template="account_unused").values_list("state", flat=True))


def is_cancelled(person: User) -> bool:
    """Whether the account is cancelled."""
    person.refresh_from_db()
    case = ErasureCase.objects.filter(subject=person.subject, state="cooling_off").first()
    assert (case is not None) == (not person.is_active)
    return case is not None
