"""Holds that the database forgot come back from the journal as they were decided, and keep what they kept."""

from datetime import timedelta

from accounts.models import ContactPoint, User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.replaying import replay_erasures
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.holds.models import LegalHold
from privacy.holds.services import approve_hold, release_hold
from privacy.journal.services import write_journal
from tests.erasures import APPROVES, asked, erase, held, living_keys
from tests.factories import make_person
from tests.privacy.erasure.restoring import forgotten

State = ErasureCase.State


def test_a_hold_comes_back_with_what_it_keeps():
    user = make_person()
    with forgotten("default", "keys"):
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
    assert living_keys(user) == ["contact"]
    assert not User.objects.exists()
    assert ErasureCase.objects.get().state == State.HELD


def test_a_hold_that_was_only_asked_for_at_the_time_of_the_backup_is_in_force():
    user = make_person()
    hold = asked(user, "contact")
    write_journal()
    with forgotten():
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
    with forgotten():
        release_hold(hold=released, by=APPROVES)
    replay_erasures()
    found = LegalHold.objects.get()
    assert found.state == LegalHold.State.RELEASED
    assert found.released_at
    erase_due_accounts()
    assert not ContactPoint.objects.exists()
    assert ErasureCase.objects.get().state == State.ERASED


def test_what_came_about_for_some_leaves_others_as_they_were():
    people = [make_person() for _ in range(6)]
    undone, undone_too, cools_off, lost, lost_too, asks = people
    cases = [cancel_account(subject=user.subject) for user in (undone, undone_too, cools_off)]
    kept, still_asked = held(asks, "contact"), asked(asks, "security")
    waiting = [asked(user, "contact") for user in (lost, lost_too)]
    write_journal()
    with forgotten():
        for case in cases[:2]:
            undo_cancellation(case=case)
        for each in waiting:
            LegalHold.objects.filter(pk=each.pk).delete()
        new = [held(user, "account") for user in (lost, lost_too)]
        release_hold(hold=new[1], by=APPROVES)
    done = replay_erasures()
    assert (done.undone, done.holds, done.cancelled, done.erased) == (2, 2, 0, 0)
    assert ErasureCase.objects.get(subject=cools_off.subject).state == State.COOLING_OFF
    assert not User.objects.get(pk=cools_off.pk).is_active
    assert User.objects.filter(is_active=True).count() == 5
    states = dict(LegalHold.objects.values_list("pk", "state"))
    assert (states[kept.pk], states[still_asked.pk]) == (LegalHold.State.APPROVED, LegalHold.State.ASKED)
    assert [states[each.pk] for each in waiting] == [LegalHold.State.ASKED] * 2
    assert [states[each.pk] for each in new] == [LegalHold.State.APPROVED, LegalHold.State.RELEASED]
