"""Cancellations that the database lost are replayed from the journal as they were, and so is undoing them."""

import pytest
from django.conf import settings

from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.replay import replay_erasures
from privacy.erasure.services import cancel_account, cancel_at_once, undo_cancellation
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.journal.models import JournalEntry
from privacy.journal.services import write_journal
from privacy.policies.grounds import DeletionGround
from tests.chains import chain_errors
from tests.factories import make_person, pass_time
from tests.privacy.erasure.restores import restored_after

State = ErasureCase.State


def test_a_case_is_replayed_from_the_journal_and_ends_with_a_receipt():
    user = make_person()
    with restored_after():
        before = cancel_account(subject=user.subject)
        pass_time(ErasureCase.objects.get(), settings.COOLING_OFF)
        erase_due_accounts()
    replay_erasures()
    case = ErasureCase.objects.get()
    for name in ("pk", "subject_id", "reference", "ground", "cancelled_at", "due_at", "deadline_at"):
        assert getattr(case, name) == getattr(before, name), name
    assert case.next_attempt_at == before.due_at
    assert case.state == State.ERASED
    assert case.started_at
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.reference == before.reference
    assert receipt.counts["accounts.user"] == 1
    assert receipt.counts["keys"] == len(SEALED_CLASSES)
    assert [*chain_errors(JournalEntry), *chain_errors(ErasureReceipt)] == []


def test_a_case_that_was_open_at_the_time_of_the_backup_is_not_made_twice():
    user = make_person()
    case = cancel_account(subject=user.subject)
    write_journal()
    with restored_after():
        pass_time(case, settings.COOLING_OFF)
        erase_due_accounts()
    done = replay_erasures()
    assert (done.erased, done.cancelled) == (1, 0)
    case.refresh_from_db()
    assert case.state == State.ERASED
    assert not User.objects.exists()


def test_a_replayed_cancellation_ends_access_and_can_still_be_undone():
    user = make_person()
    with restored_after():
        before = cancel_account(subject=user.subject, ground=DeletionGround.UNLAWFUL)
    done = replay_erasures()
    assert (done.cancelled, done.erased) == (1, 0)
    user.refresh_from_db()
    assert not user.is_active
    case = ErasureCase.objects.get()
    assert (case.state, case.due_at, case.ground) == (State.COOLING_OFF, before.due_at, "6.3.1")
    assert case.cancelled_at == before.cancelled_at
    undo_cancellation(case=case)
    user.refresh_from_db()
    assert user.is_active


@pytest.mark.parametrize("is_in_backup", [True, False])
def test_a_case_that_was_brought_forward_is_due_as_early_after_a_restore(is_in_backup: bool):
    user = make_person()
    if is_in_backup:
        cancel_account(subject=user.subject)
        write_journal()
    with restored_after():
        if not is_in_backup:
            cancel_account(subject=user.subject)
        cancel_at_once(subjects=[user.subject_id], ground=DeletionGround.WITHOUT_CONSENT)
        before = ErasureCase.objects.get()
    replay_erasures()
    case = ErasureCase.objects.get()
    for name in ("pk", "ground", "due_at", "next_attempt_at", "deadline_at"):
        assert getattr(case, name) == getattr(before, name), name


def test_a_replayed_undo_restores_access():
    user = make_person()
    case = cancel_account(subject=user.subject)
    write_journal()
    with restored_after():
        undo_cancellation(case=case)
    done = replay_erasures()
    assert (done.undone, done.cancelled) == (1, 0)
    case.refresh_from_db()
    user.refresh_from_db()
    assert (case.state, user.is_active) == (State.UNDONE, True)


def test_of_a_cancellation_undone_and_repeated_the_last_counts():
    user = make_person()
    with restored_after():
        first = cancel_account(subject=user.subject)
        undo_cancellation(case=first)
        second = cancel_account(subject=user.subject)
    done = replay_erasures()
    assert (done.cancelled, done.undone) == (2, 1)
    assert dict(ErasureCase.objects.values_list("pk", "state")) == {
        first.pk: State.UNDONE,
        second.pk: State.COOLING_OFF,
    }
    user.refresh_from_db()
    assert not user.is_active


def test_a_case_without_a_journalled_end_is_closed_before_the_next():
    user = make_person()
    first = cancel_account(subject=user.subject)
    write_journal()
    with restored_after():
        ErasureCase.objects.filter(pk=first.pk).update(state=State.UNDONE)
        second = cancel_account(subject=user.subject)
    assert replay_erasures().cancelled == 1
    assert dict(ErasureCase.objects.values_list("pk", "state")) == {
        first.pk: State.UNDONE,
        second.pk: State.COOLING_OFF,
    }
