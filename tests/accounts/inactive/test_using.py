"""An account in use is not cancelled, and staff accounts never are."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.inactive.models import InactivityWarning
from accounts.inactive.services import sweep_inactive_accounts
from accounts.users.models import User
from tests.accounts.inactive.clock import (
    current_warning,
    days_left,
    is_cancelled,
    pass_days,
    sweep_and_send,
    warn_three_times,
)
from tests.factories import PASSWORD

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("column", ["created_at", "last_login", "last_used_at"])
def test_each_kind_of_use_counts(person: User, column: str):
    pass_days(1000)
    User.objects.update(**{column: timezone.now() - 300 * DAY})
    assert sweep_inactive_accounts() == 0
    User.objects.update(**{column: timezone.now() - 306 * DAY})
    assert sweep_inactive_accounts() == 1


def test_a_session_in_use_keeps_the_account_without_a_new_sign_in(client: Client, person: User):
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    User.objects.update(created_at=timezone.now() - 1000 * DAY, last_login=timezone.now() - 1000 * DAY)
    session = client.session
    session["last_used_at"] = (timezone.now() - dt.timedelta(minutes=6)).isoformat()
    session.save()
    User.objects.update(last_used_at=None)
    client.get("/home/")
    person.refresh_from_db()
    assert timezone.now() - person.last_used_at < dt.timedelta(minutes=1)
    assert sweep_inactive_accounts() == 0


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_signing_in_ends_the_warnings_and_later_ones_start_again(client: Client, person: User, steps: int):
    for days in (306, 53, 6)[:steps]:
        pass_days(days)
        sweep_and_send()
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert sweep_and_send() == 0
    assert not InactivityWarning.objects.exists()
    pass_days(300)
    assert sweep_and_send() == 0
    pass_days(6)
    assert sweep_and_send() == 1
    assert (current_warning().days, days_left()) == (60, 60.0)


def test_a_sign_in_at_the_last_moment_keeps_the_account(client: Client, person: User):
    warn_three_times()
    pass_days(1)
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    sweep_inactive_accounts()
    assert not is_cancelled(person)


def test_staff_are_exempt(person: User):
    for flag in ("is_staff", "is_superuser"):
        User.objects.update(is_staff=False, is_superuser=False)
        User.objects.update(**{flag: True})
        pass_days(1000)
        assert sweep_inactive_accounts() == 0


def test_a_person_who_becomes_staff_is_not_cancelled(person: User):
    warn_three_times()
    User.objects.update(is_staff=True)
    pass_days(1)
    sweep_inactive_accounts()
    assert not is_cancelled(person)
    assert not InactivityWarning.objects.exists()
