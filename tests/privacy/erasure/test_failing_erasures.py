"""A failed erasure is tried again before it is late, continues where it stopped, and stops no other."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import failing_cases, late_cases
from privacy.inventory.data_stores import ModelDataStore
from privacy.inventory.retention_classes import RetentionClass
from privacy.journal.maintenance import forget_answer
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES
from tests.erasures import due, usable_keys
from tests.factories import make_person, pass_time

State = ErasureCase.State


def test_a_stopped_erasure_continues_where_it_stopped():
    case = due(make_person())
    with patch("privacy.erasure.erasing.destroy_keys", side_effect=SystemExit), pytest.raises(SystemExit):
        erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.ROWS_ERASED
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.ERASED
    assert ErasureReceipt.objects.get(case=case).counts["keys"] > 0


def test_one_failing_person_stops_no_one_else():
    poisonous, others = make_person(), [make_person() for _ in range(4)]
    case = due(poisonous)
    for other in others:
        due(other)
    erase = ModelDataStore.erase

    def fail(store: ModelDataStore, subjects):
        if poisonous.subject_id in subjects and store.model is Profile:
            raise DatabaseError("a message with a value in it")
        return erase(store, subjects)

    with patch.object(ModelDataStore, "erase", fail):
        erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.COOLING_OFF
    assert list(failing_cases()) == [case]
    assert case.last_failure == "erase_rows: DatabaseError"
    assert User.objects.filter(subject__in=[other.subject_id for other in others]).count() == 0


def test_where_one_fails_the_others_of_its_batch_are_taken_one_by_one_and_counted():
    people = [make_person() for _ in range(3)]
    cases = [due(user) for user in people]
    erase = ModelDataStore.erase

    def fail(store: ModelDataStore, subjects):
        if people[1].subject_id in subjects:
            raise DatabaseError
        return erase(store, subjects)

    with patch.object(ModelDataStore, "erase", fail):
        assert erase_due_accounts(batch=10) == 2 + 2
    states = dict(ErasureCase.objects.values_list("pk", "state"))
    assert [states[case.pk] for case in cases] == [State.ERASED, State.COOLING_OFF, State.ERASED]


def test_a_failure_waits_longer_each_time_and_is_retried():
    user = make_person()
    case = due(user)
    waits = []
    with patch.object(ModelDataStore, "erase", side_effect=DatabaseError):
        for _ in range(8):
            assert erase_due_accounts() == 0
            case.refresh_from_db()
            waits.append((case.next_attempt_at - timezone.now()) / timedelta(minutes=1))
            assert erase_due_accounts() == 0  # not before its next attempt
            ErasureCase.objects.update(next_attempt_at=case.due_at)
    assert waits == pytest.approx([0.25, 0.5, 1, 2, 4, 8, 16, 32], abs=0.1)
    assert case.attempts == 8
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.ERASED
    assert case.last_failure == ""


@pytest.mark.parametrize(("left", "most"), [(timedelta(minutes=20), 5), (timedelta(hours=-1), 0.25)])
def test_a_failure_never_waits_until_it_is_late(left: timedelta, most: float):
    case = due(make_person())
    ErasureCase.objects.filter(pk=case.pk).update(attempts=8, deadline_at=Now() + left)
    with patch.object(ModelDataStore, "erase", side_effect=DatabaseError):
        erase_due_accounts()
    case.refresh_from_db()
    assert case.next_attempt_at - timezone.now() <= timedelta(minutes=most)
    assert case.attempts == 9


def test_a_successful_step_resets_earlier_failures():
    case = due(make_person())
    ErasureCase.objects.filter(pk=case.pk).update(attempts=8)
    with patch("privacy.erasure.erasing.destroy_keys", side_effect=DatabaseError):
        erase_due_accounts()
    case.refresh_from_db()
    assert (case.state, case.attempts) == (State.ROWS_ERASED, 1)
    assert case.next_attempt_at - timezone.now() <= timedelta(seconds=15)


def test_a_sweep_whose_time_is_over_ends_and_holds_nothing_against_anybody():
    cases = [due(make_person()) for _ in range(3)]
    over = patch.object(ModelDataStore, "erase", side_effect=SoftTimeLimitExceeded)
    with over as tried, pytest.raises(SoftTimeLimitExceeded):
        erase_due_accounts()
    assert tried.call_count == 1
    assert set(ErasureCase.objects.values_list("state", "attempts")) == {(State.COOLING_OFF, 0)}
    assert erase_due_accounts() == 2 * len(cases)


def test_the_journal_says_which_classes_were_erased_before_the_keys_are_destroyed():
    user = make_person()
    case = due(user)
    with patch("privacy.journal.checkpoints.destroy_classes", side_effect=DatabaseError):
        erase_due_accounts()
    entry = JournalEntry.objects.get(kind="erased")
    assert (entry.item, entry.subject_id, entry.reference) == (case.pk, user.subject_id, case.reference)
    assert entry.classes == sorted(set(RetentionClass) - {"evidence"})
    assert [line["kind"] for line in ERASURES.journal.lines()][-1] == "erased"
    assert usable_keys(user)
    case.refresh_from_db()
    assert (case.state, case.last_failure) == (State.ROWS_ERASED, "destroy_and_prove: DatabaseError")


def test_without_its_journal_no_key_is_destroyed(settings, tmp_path):
    user = make_person()
    case = due(user)
    (tmp_path / "file").touch()
    settings.ERASURE_JOURNAL = tmp_path / "file" / "journal"
    forget_answer()
    assert erase_due_accounts() == 0
    case.refresh_from_db()
    assert case.state == State.COOLING_OFF
    assert usable_keys(user)
    settings.ERASURE_JOURNAL = tmp_path / "journal"
    forget_answer()
    assert erase_due_accounts() == 2
    assert usable_keys(user) == []


def test_a_failure_is_logged_by_number_and_kind_never_by_what_it_says(caplog):
    case = due(make_person())
    with patch.object(ModelDataStore, "erase", side_effect=DatabaseError("+381641112223")):
        erase_due_accounts()
    assert str(case.pk) in caplog.text
    assert "DatabaseError" in caplog.text
    assert "+381641112223" not in caplog.text


def test_of_several_that_fail_the_nearest_deadline_is_listed_first():
    later, sooner = due(make_person()), due(make_person())
    ErasureCase.objects.filter(pk=sooner.pk).update(deadline_at=F("deadline_at") - timedelta(hours=1))
    with patch.object(ModelDataStore, "erase", side_effect=DatabaseError):
        erase_due_accounts()
    assert list(failing_cases()) == [sooner, later]


def test_a_case_past_its_deadline_is_late_until_it_is_erased():
    case = due(make_person())
    pass_time(case, settings.ERASE_WITHIN)
    assert list(late_cases()) == [case]
    erase_due_accounts()
    assert list(late_cases()) == []
