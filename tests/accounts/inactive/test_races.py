"""A sign-in and a cancellation at the same moment: exactly one of them succeeds."""

import datetime as dt
from threading import Thread
from unittest.mock import patch

import pytest
from django.db import connections
from django.test import Client

from accounts.inactive import services
from accounts.inactive.models import InactivityWarning
from accounts.inactive.services import sweep_inactive_accounts
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from tests.accounts.inactive.clock import pass_days, warn_three_times
from tests.factories import PASSWORD, make_person
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def person() -> User:
    """A person whose account is due for cancellation."""
    user = make_person()
    warn_three_times()
    pass_days(0.02)
    return user


def sign_in(client: Client, user: User) -> None:
    """Sign in on another connection, as another process would."""

    def post() -> None:
        client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
        connections.close_all()

    thread = Thread(target=post)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def is_signed_in(client: Client) -> bool:
    return client.get("/home/").status_code == 200


def test_who_signs_in_between_the_choice_and_the_cancellation_is_not_cancelled(person: User):
    client = Client()

    def late(**given):
        sign_in(client, person)
        return cancel_account(**given)

    with patch.object(services, "cancel_account", late):
        assert sweep_inactive_accounts() == 0
    person.refresh_from_db()
    assert person.is_active
    assert is_signed_in(client)
    assert not ErasureCase.objects.exists()
    assert not Notice.objects.filter(template="account_cancelled").exists()
    sweep_inactive_accounts()
    assert not InactivityWarning.objects.exists()


def test_who_uses_an_open_session_between_the_choice_and_the_cancellation_is_not_cancelled(person: User):
    def late(**given):
        in_parallel(1, lambda _n: User.objects.filter(pk=person.pk).update(last_used_at=dt.datetime.now(dt.UTC)))
        return cancel_account(**given)

    with patch.object(services, "cancel_account", late):
        assert sweep_inactive_accounts() == 0
    assert not ErasureCase.objects.exists()
    assert User.objects.get(pk=person.pk).is_active


def test_who_signs_in_while_it_is_cancelled_waits_and_then_finds_the_account_shut(person: User):
    client = Client()
    thread = Thread(target=lambda: (client.force_login(person), connections.close_all()))

    def early(**given):
        case = cancel_account(**given)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # it waits for the row that the cancellation holds
        return case

    with patch.object(services, "cancel_account", early):
        assert sweep_inactive_accounts() == 1
    thread.join(20)
    assert not is_signed_in(client)
    assert ErasureCase.objects.get().state == "cooling_off"


def test_at_the_same_moment_exactly_one_of_them_wins():
    won = set()
    for _ in range(10):
        person, client = make_person(), Client()
        warn_three_times()
        pass_days(0.02)
        acts = [lambda who=person, browser=client: sign_in(browser, who), sweep_inactive_accounts]
        assert in_parallel(2, lambda number, acts=acts: acts[number]()) == ["done", "done"]
        case = ErasureCase.objects.filter(subject=person.subject).first()
        person.refresh_from_db()
        assert (case is None) == person.is_active == is_signed_in(client)
        won.add(case is None)
        ErasureCase.objects.all().delete()
        InactivityWarning.objects.all().delete()
        Session.objects.all().delete()
        User.objects.update(is_staff=True)
    assert won


def test_two_sweeps_at_once_warn_and_cancel_each_person_once():
    for _ in range(10):
        make_person()
    pass_days(306)
    in_parallel(3, lambda _n: sweep_inactive_accounts())
    assert Notice.objects.filter(template="account_unused").count() == 10
    assert InactivityWarning.objects.count() == 10
    InactivityWarning.objects.update(days=1, sent_at=dt.datetime.now(dt.UTC))
    pass_days(70)
    in_parallel(3, lambda _n: sweep_inactive_accounts())
    assert ErasureCase.objects.count() == 10
    assert Notice.objects.filter(template="account_cancelled").count() == 10


def test_the_owners_own_cancellation_at_the_same_moment_makes_one_case(person: User):
    for outcome in in_parallel(2, lambda n: [sweep_inactive_accounts, _cancel(person)][n]()):
        assert outcome in ("done", "AlreadyCancelled")
    assert ErasureCase.objects.count() == 1


def _cancel(person: User):
    return lambda: cancel_account(subject=person.subject)
