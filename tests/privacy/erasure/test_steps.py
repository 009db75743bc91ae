"""The steps of an erasure: in this order, and each with all others of its transaction."""

from typing import Any

import pytest

from accounts.profiles.models import Profile
from privacy.erasure import erasing
from privacy.erasure.erasing import PROOF_STEPS, ROW_STEPS, Step, erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.journal.models import JournalEntry
from privacy.notices.models import Notice
from tests.erasures import due, usable_keys
from tests.factories import make_person

State = ErasureCase.State


def places(steps: tuple[Step, ...]) -> dict[str, int]:
    return {step.__name__: place for place, step in enumerate(steps)}


@pytest.mark.parametrize(
    ("steps", "earlier", "later"),
    [
        (ROW_STEPS, "lock_persons", "read_holds"),
        (ROW_STEPS, "read_holds", "erase_data_stores"),
        (ROW_STEPS, "seal_last_notices", "erase_data_stores"),
        (ROW_STEPS, "erase_data_stores", "mark_erased"),
        (ROW_STEPS, "erase_data_stores", "save_counts"),
        (PROOF_STEPS, "write_journal", "destroy_data_keys"),
        (PROOF_STEPS, "destroy_data_keys", "draft_receipts"),
        (PROOF_STEPS, "draft_receipts", "close_cases"),
    ],
)
def test_what_a_step_needs_comes_before_it(steps: tuple[Step, ...], earlier: str, later: str):
    assert places(steps)[earlier] < places(steps)[later]


def test_what_locks_the_end_of_a_chain_is_last():
    assert (ROW_STEPS[-1], PROOF_STEPS[-1]) == (erasing.append_journal_entries, erasing.append_receipts)


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.parametrize("failing", ROW_STEPS, ids=lambda step: step.__name__)
def test_where_a_step_of_the_rows_fails_nothing_is_erased(failing: Step, monkeypatch):
    user = make_person()
    case = due(user)
    keys, notices = usable_keys(user), Notice.objects.count()
    fail_at(failing, "ROW_STEPS", ROW_STEPS, monkeypatch)
    erase_due_accounts()
    case.refresh_from_db()
    assert (case.state, case.last_failure) == (State.COOLING_OFF, "erase_rows: ZeroDivisionError")
    assert Profile.objects.filter(subject=user.subject_id).exists()
    assert usable_keys(user) == keys
    assert Notice.objects.count() == notices
    assert not JournalEntry.objects.filter(kind=JournalEntry.Kind.ERASED).exists()


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.parametrize("failing", PROOF_STEPS, ids=lambda step: step.__name__)
def test_where_a_step_of_the_proof_fails_the_next_sweep_continues(failing: Step, monkeypatch):
    user = make_person()
    case = due(user)
    with monkeypatch.context() as broken:
        fail_at(failing, "PROOF_STEPS", PROOF_STEPS, broken)
        erase_due_accounts()
    case.refresh_from_db()
    assert (case.state, case.last_failure) == (State.ROWS_ERASED, "destroy_and_prove: ZeroDivisionError")
    assert not ErasureReceipt.objects.exists()
    ErasureCase.objects.update(next_attempt_at=case.due_at)
    erase_due_accounts()
    case.refresh_from_db()
    assert case.state == State.ERASED
    assert ErasureReceipt.objects.get(case=case).counts["keys"] > 0
    assert not usable_keys(user)


def fail_at(failing: Step, name: str, steps: tuple[Step, ...], monkeypatch: Any) -> None:
    """Let a step fail after its work."""

    def fail(batch: erasing.Batch) -> None:
        failing(batch)
        raise ZeroDivisionError

    monkeypatch.setattr(erasing, name, tuple(fail if step is failing else step for step in steps))
