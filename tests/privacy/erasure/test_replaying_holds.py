"""Holds that the database lost are replayed from the journal as they were decided, and keep what they kept."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.erasure import replay as replaying
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.lost_holds import LostHold
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import held_cases
from privacy.erasure.replay import replay_erasures
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.holds.models import LegalHold
from privacy.holds.queries import holds_in_force
from privacy.holds.services import approve_hold
from privacy.journal.services import write_journal
from tests.app import App
from tests.erasures import APPROVES, asked, erase, held, release, usable_keys
from tests.factories import make_person, make_policy
from tests.privacy.erasure.restores import restored_after

State = ErasureCase.State


def test_a_hold_is_replayed_with_what_it_keeps():
    user = make_person()
    with restored_after("default", "keys"):
        before = held(user, "contact", "security")
        erase(user)
    done = replay_erasures()
    assert (done.holds, done.erased) == (1, 1)
    found = LegalHold.objects.get()
    for name in ("pk", "subject_id", "exception", "classes", "until", "state"):
        assert getattr(found, name) == getattr(before, name), name
    for name in ("legal_basis", "asked_by", "decided_by"):
        assert getattr(found, name) == getattr(before, name), name
    assert abs(found.decided_at - before.decided_at) < timedelta(minutes=1)
    assert ContactPoint.objects.get().value
    assert usable_keys(user) == ["contact"]
    assert not User.objects.exists()
    assert ErasureCase.objects.get().state == State.HELD


def test_a_hold_that_was_only_asked_for_at_the_time_of_the_backup_is_in_force():
    user = make_person()
    hold = asked(user, "contact")
    write_journal()
    with restored_after():
        approve_hold(hold=hold, by=APPROVES)
        approved_at = LegalHold.objects.get().decided_at
    assert replay_erasures().holds == 0
    found = LegalHold.objects.get()
    assert (found.state, found.legal_basis) == (LegalHold.State.APPROVED, "Court order 12/2026")
    assert abs(found.decided_at - approved_at) < timedelta(minutes=1)


def test_a_hold_that_was_released_keeps_nothing_any_more():
    user = make_person()
    released = held(user, "contact")
    erase(user)
    write_journal()
    with restored_after():
        release(released)
    replay_erasures()
    found = LegalHold.objects.get()
    assert found.state == LegalHold.State.RELEASED
    assert found.released_at
    erase_due_accounts()
    assert not ContactPoint.objects.exists()
    assert ErasureCase.objects.get().state == State.ERASED


def test_replayed_events_of_some_people_leave_others_unchanged():
    people = [make_person() for _ in range(6)]
    undone, undone_too, cools_off, lost, lost_too, asks = people
    cases = [cancel_account(subject=user.subject) for user in (undone, undone_too, cools_off)]
    kept, still_asked = held(asks, "contact"), asked(asks, "security")
    waiting = [asked(user, "contact") for user in (lost, lost_too)]
    write_journal()
    with restored_after():
        for case in cases[:2]:
            undo_cancellation(case=case)
        for each in waiting:
            LegalHold.objects.filter(pk=each.pk).delete()
        new = [held(user, "account") for user in (lost, lost_too)]
        release(new[1])
    done = replay_erasures()
    assert (done.undone, done.holds, done.cancelled, done.erased) == (2, 2, 0, 0)
    assert ErasureCase.objects.get(subject=cools_off.subject).state == State.COOLING_OFF
    assert not User.objects.get(pk=cools_off.pk).is_active
    assert User.objects.filter(is_active=True).count() == 5
    states = dict(LegalHold.objects.values_list("pk", "state"))
    assert (states[kept.pk], states[still_asked.pk]) == (LegalHold.State.APPROVED, LegalHold.State.ASKED)
    assert [states[each.pk] for each in waiting] == [LegalHold.State.ASKED] * 2
    assert [states[each.pk] for each in new] == [LegalHold.State.APPROVED, LegalHold.State.RELEASED]


def receipt_page(client: Client, case: ErasureCase) -> str:
    return client.get(f"/receipts/{case.reference}/").content.decode()


def test_the_command_says_which_hold_lost_what(capsys):
    make_policy()
    with restored_after("default", "keys"):
        hold = held(make_person(), "contact")
    call_command("replay_erasures")
    line = f"Legal hold {hold.pk} kept contact: lost, not in this backup."
    assert line in capsys.readouterr().out


def test_held_data_of_a_person_who_is_not_in_the_backup_is_lost_and_the_receipt_says_so(client: Client):
    make_policy()
    with restored_after("default", "keys"):
        user = make_person()
        hold = held(user, "contact")
        erase(user)
    done = replay_erasures()
    assert (done.erased, done.unknown) == (1, 1)
    assert done.lost_holds == [LostHold(hold.pk, ["contact"])]
    case = ErasureCase.objects.get()
    assert case.state == State.ERASED
    assert not held_cases().exists()
    assert not holds_in_force().exists()
    assert usable_keys(user) == []
    [kept] = ErasureReceipt.objects.get().held
    assert (kept["classes"], kept["lost"]) == (["contact"], ["contact"])
    page = receipt_page(client, case)
    assert "Lost: contact points." in page
    assert "Kept: contact" not in page
    assert App().get(f"receipts/{case.reference}").json()["held"][0]["lost"] == ["contact"]


def test_what_the_backup_has_of_a_hold_is_kept_and_only_the_rest_is_lost(client: Client):
    user = make_person()
    with restored_after("default", "keys"):
        hold = held(user, "contact", "security")
        erase(user)
    assert replay_erasures().lost_holds == [LostHold(hold.pk, ["security"])]
    case = ErasureCase.objects.get()
    assert case.state == State.HELD
    assert list(holds_in_force()) == [hold]
    page = receipt_page(client, case)
    assert "Kept: contact points, until" in page
    assert "Lost: security events." in page


def test_a_hold_on_a_living_person_who_is_not_in_the_backup_keeps_nothing():
    make_policy()
    present = make_person()
    kept = held(present, "contact", "security")
    write_journal()
    with restored_after("default", "keys"):
        hold = held(make_person(), "contact")
    assert replay_erasures().lost_holds == [LostHold(hold.pk, ["contact"])]
    assert list(holds_in_force()) == [kept]


def test_a_person_erased_after_the_end_of_a_hold_lost_nothing(client: Client):
    make_policy()
    with restored_after("default", "keys"):
        user = make_person()
        released = held(user, "contact")
        case = erase(user)
        release(released)
        erase_due_accounts()
    done = replay_erasures()
    assert (done.erased, done.lost_holds) == (1, [])
    case = ErasureCase.objects.get()
    assert case.state == State.ERASED
    assert ErasureReceipt.objects.get().held == []
    assert "Lost:" not in receipt_page(client, case)


def test_a_replay_that_stopped_says_all_the_same_what_is_lost(monkeypatch):
    make_policy()
    with restored_after("default", "keys"):
        user = make_person()
        held(user, "contact")
        erase(user)
    with monkeypatch.context() as broken:
        broken.setattr(replaying, "finish_erasures", lambda _batch: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            replay_erasures()
    replay_erasures()
    assert ErasureCase.objects.get().state == State.ERASED
    assert ErasureReceipt.objects.get().held[0]["lost"] == ["contact"]
    assert usable_keys(user) == []
