"""An unverified registration is cancelled after 24 hours, and erased by the ordinary sweep."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connections, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import RegistrationExpired, add_contact_point, mark_verified
from accounts.registration import unverified
from accounts.registration.unverified import remove_unverified
from accounts.security_events.models import SecurityEvent
from accounts.users.models import User
from portal.operations.alarms import raise_alarms
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import subjects_with_an_open_case
from privacy.holds.services import approve_hold
from privacy.inventory.data_stores import DataStore, all_data_stores
from privacy.journal.models import JournalEntry
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject
from tests.chains import chain_errors
from tests.declarations import declare
from tests.erasures import APPROVES, asked, held, usable_keys
from tests.factories import make_person, make_user
from tests.parallel import in_parallel


def age(user: User, by: timedelta) -> None:
    User.objects.filter(pk=user.pk).update(created_at=F("created_at") - by)


def abandoned() -> User:
    """A registration whose time to verify is over."""
    user = make_user(verified=False)
    add_contact_point(subject=user.subject, field="phone", value=f"+38165{user.pk.int % 10**7:07}")
    age(user, settings.UNVERIFIED_FOR + timedelta(minutes=1))
    return user


def test_an_unverified_registration_is_erased_with_its_keys_after_its_time():
    user = abandoned()
    assert (remove_unverified(), remove_unverified()) == (1, 0)
    erase_due_accounts()
    assert not User.objects.filter(pk=user.pk).exists()
    assert usable_keys(user) == []
    assert sum(sum(holder.erase([user.subject_id]).values()) for holder in all_data_stores()) == 0
    assert (remove_unverified(), erase_due_accounts()) == (0, 0)


def test_it_stays_until_then_and_verified_people_stay_for_good():
    waiting, person = make_user(verified=False), make_person()
    age(waiting, settings.UNVERIFIED_FOR - timedelta(minutes=1))
    age(person, timedelta(days=400))
    assert remove_unverified() == 0


def test_a_slow_clock_of_a_host_does_not_date_registrations_back():
    with time_machine.travel(timezone.now() - timedelta(hours=48), tick=True):
        make_user(verified=False)
    assert remove_unverified() == 0


def test_its_erasure_is_recorded_and_journalled_without_a_notice():
    user = abandoned()
    remove_unverified()
    case = ErasureCase.objects.get(subject=user.subject)
    assert (case.ground, case.due_at, case.deadline_at) == (
        "6.3.4",
        case.cancelled_at,
        case.due_at + settings.ERASE_WITHIN,
    )
    erase_due_accounts()
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.counts["accounts.user"] == 1
    assert list(JournalEntry.objects.order_by("position").values_list("kind", flat=True)) == ["cancelled", "erased"]
    assert list(chain_errors(ErasureReceipt)) == []
    assert not Notice.objects.exists()


def test_a_death_before_the_keys_go_leaves_work_for_the_next_sweep():
    user = abandoned()
    remove_unverified()
    with patch("privacy.journal.checkpoints.destroy_classes", side_effect=SystemExit), pytest.raises(SystemExit):
        erase_due_accounts()
    assert usable_keys(user)
    erase_due_accounts()
    assert usable_keys(user) == []


def test_a_hold_keeps_only_the_named_classes():
    user = abandoned()
    hold = held(user, "security")
    remove_unverified()
    erase_due_accounts()
    assert ErasureCase.objects.get(subject=user.subject).state == "held"
    assert not User.objects.filter(pk=user.pk).exists()
    assert not ContactPoint.objects.filter(subject=user.subject).exists()
    assert usable_keys(user) == []
    assert hold.classes == ["security"]


def test_an_account_that_a_hold_keeps_is_cancelled_once():
    user = abandoned()
    held(user, "account")
    for _ in range(2):
        remove_unverified()
        erase_due_accounts()
    assert User.objects.filter(pk=user.pk).exists()
    assert ErasureCase.objects.count() == 1


class Poison(DataStore):
    """Fails for one person: to erase, or to suspend already."""

    name = "poison"
    bad: UUID | None = None
    cannot_suspend: frozenset[UUID] = frozenset()

    def erase(self, subjects):
        if self.bad in subjects:
            raise RuntimeError("poison")
        return {}

    def suspend(self, subjects):
        if self.cannot_suspend.intersection(subjects):
            raise RuntimeError("poison")


@pytest.fixture
def poison() -> Iterator[Poison]:
    store = Poison()
    with declare(store):
        yield store


def test_one_that_fails_stops_no_other(poison: Poison):
    users = [abandoned() for _ in range(5)]
    poison.bad = users[2].subject_id
    assert remove_unverified() == 5
    erase_due_accounts()
    assert list(User.objects.filter(verified_at=None)) == [users[2]]


def test_one_that_cannot_be_cancelled_stops_no_other(poison: Poison, caplog: pytest.LogCaptureFixture):
    users = [abandoned() for _ in range(20)]
    poison.cannot_suspend = frozenset({users[0].subject_id, users[13].subject_id})
    assert (remove_unverified(), remove_unverified()) == (18, 0)
    left = set(User.objects.exclude(subject_id__in=subjects_with_an_open_case()).values_list("subject_id", flat=True))
    assert left == poison.cannot_suspend
    assert all("poison" not in record.getMessage() for record in caplog.records)
    poison.cannot_suspend = frozenset()
    assert remove_unverified() == 2


def test_many_that_cannot_be_cancelled_are_passed_over(poison: Poison, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unverified, "BATCH", 2)
    users = [abandoned() for _ in range(5)]
    poison.cannot_suspend = frozenset(user.subject_id for user in users[:3])
    assert remove_unverified() == 2


def test_a_removal_whose_time_is_over_ends_at_once():
    assert all([abandoned(), abandoned(), abandoned()])
    over = patch.object(unverified, "cancel_at_once", side_effect=SoftTimeLimitExceeded)
    with over as tried, pytest.raises(SoftTimeLimitExceeded):
        remove_unverified()
    assert tried.call_count == 1


def test_registrations_that_stay_too_long_raise_an_alarm_before_a_second_hour_is_over(poison: Poison, client: Client):
    late, other = abandoned(), abandoned()
    poison.cannot_suspend = frozenset([late.subject_id, other.subject_id])
    assert (remove_unverified(), raise_alarms()) == (0, [])
    age(late, timedelta(hours=1))
    assert raise_alarms() == ["unverified registrations that should have been cancelled by now: 1"]
    assert "portal_unverified_registrations_overdue 1.0" in client.get("/metrics").content.decode()
    poison.cannot_suspend = frozenset()
    remove_unverified()
    assert raise_alarms() == []


def test_verifying_after_the_cancellation_is_too_late():
    user = abandoned()
    contact = ContactPoint.objects.get(subject=user.subject)
    remove_unverified()
    with pytest.raises(RegistrationExpired):
        mark_verified(contact)


def test_a_cancellation_under_way_is_left_alone():
    user = abandoned()
    ErasureCase.objects.create(
        subject=user.subject,
        cancelled_at=timezone.now(),
        due_at=timezone.now() + timedelta(days=7),
        deadline_at=timezone.now() + timedelta(days=8),
        next_attempt_at=timezone.now() + timedelta(days=7),
    )
    assert remove_unverified() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
class TestRaces:
    """On the real server, where two may write at once."""

    def test_a_row_that_is_being_written_is_waited_for_and_erased(self):
        user = abandoned()
        written, go_on = threading.Event(), threading.Event()

        def write(_number: int) -> None:
            with transaction.atomic():
                SecurityEvent.objects.create(
                    subject_id=user.subject_id, kind="sign_in_failed", device="Firefox on Linux"
                )
                written.set()
                go_on.wait(10)

        writer = threading.Thread(target=in_parallel, args=(1, write))
        writer.start()
        assert written.wait(10)

        def sweep(_number: int) -> None:
            remove_unverified()
            erase_due_accounts()

        sweeper = threading.Thread(target=in_parallel, args=(1, sweep))
        sweeper.start()
        sweeper.join(1)
        go_on.set()
        writer.join(10)
        sweeper.join(10)
        assert DataSubject.objects.get(pk=user.subject_id).erased_at
        assert not SecurityEvent.objects.filter(subject_id=user.subject_id).exists()

    def test_a_hold_and_the_removal_never_both_win(self):
        for _ in range(10):
            user = abandoned()
            hold = asked(user, "account")

            def remove() -> None:
                remove_unverified()
                erase_due_accounts()

            acts = [lambda hold=hold: approve_hold(hold=hold, by=APPROVES), remove]
            outcomes = in_parallel(2, lambda number, acts=acts: acts[number]())
            remove()
            kept = User.objects.filter(pk=user.pk).exists()
            assert (outcomes[0], kept, bool(usable_keys(user))) in [
                ("done", True, True),
                ("NothingLeftToHold", False, False),
            ]

    def test_verifying_and_the_removal_never_both_win(self):
        for _ in range(10):
            user = abandoned()
            contact = ContactPoint.objects.get(subject=user.subject)
            acts = [lambda contact=contact: mark_verified(contact), remove_unverified]
            outcomes = in_parallel(2, lambda number, acts=acts: acts[number]())
            user.refresh_from_db()
            is_open = ErasureCase.objects.filter(subject=user.subject).exists()
            assert outcomes[1] == "done"
            assert (outcomes[0], user.is_verified, is_open) in [
                ("done", True, False),
                ("RegistrationExpired", False, True),
            ]

    def test_two_removals_at_once_cancel_each_once(self):
        users = [abandoned() for _ in range(20)]
        assert in_parallel(2, lambda _n: remove_unverified()) == ["done", "done"]
        assert ErasureCase.objects.count() == len(users)
        assert JournalEntry.objects.count() == len(users)

    def test_a_removal_repeats_its_choice_after_a_verification_in_between(self, monkeypatch: pytest.MonkeyPatch):
        first, second = abandoned(), abandoned()
        real, looked = unverified._stale, []

        def stale():
            chosen = list(real().values_list("pk", flat=True))
            if not looked:
                in_parallel(1, lambda _n: mark_verified(ContactPoint.objects.get(subject=first.subject)))
            looked.append(chosen)
            return User.objects.filter(pk__in=chosen)

        monkeypatch.setattr(unverified, "_stale", stale)
        assert remove_unverified() == 1
        assert ErasureCase.objects.get().subject_id == second.subject_id
        connections.close_all()
