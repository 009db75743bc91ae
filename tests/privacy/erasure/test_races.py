"""Concurrent acts: one outcome, never both."""

import pytest

from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.services import cancel_account, undo_cancellation
from tests.erasures import due
from tests.factories import make_person
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


def test_fifty_cancellations_at_once_make_one_case():
    subject = make_person().subject
    outcomes = in_parallel(50, lambda _n: cancel_account(subject=subject))
    assert outcomes.count("done") == 1
    assert set(outcomes) == {"done", "AlreadyCancelled"}
    assert ErasureCase.objects.count() == 1


def test_an_undo_and_the_sweep_never_both_win():
    for _ in range(10):
        user = make_person()
        case = due(user)
        acts = [lambda case=case: undo_cancellation(case=case), erase_due_accounts]
        in_parallel(2, lambda number, acts=acts: acts[number]())
        case.refresh_from_db()
        is_there = User.objects.filter(pk=user.pk, is_active=True).exists()
        assert (case.state, is_there) in [("undone", True), ("erased", False)]


def test_two_sweeps_at_once_write_one_receipt_for_each():
    for _ in range(20):
        due(make_person())
    in_parallel(2, lambda _n: erase_due_accounts(batch=3))
    assert ErasureCase.objects.filter(state="erased").count() == 20
    assert ErasureReceipt.objects.count() == 20
