"""A database from the past, and a journal that knows more: what came about since comes about again, once, untold.

The databases go back by a savepoint, the journal's files do not. Whole backups are restored in tests/faults/.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import ContactPoint, Profile, User
from privacy.consent.models import ConsentRecord
from privacy.encryption.keys import forget_keys
from privacy.encryption.models import DataKey
from privacy.erasure import replaying
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.replaying import Replay, replay_erasures
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.evidence.models import chain_faults
from privacy.holds.models import LegalHold
from privacy.holds.services import approve_hold, ask_for_hold, release_hold
from privacy.journal.chains import journal_folder
from privacy.journal.maintenance import forget_answer, in_maintenance, is_restoring
from privacy.journal.models import JournalEntry
from privacy.journal.services import ERASURES, write_journal
from privacy.notices.models import Notice
from privacy.register.holders import ModelHolder
from privacy.register.retention_classes import SEALED_CLASSES
from privacy.subjects.models import DataSubject
from tests.factories import agree, make_person, make_policy, pass_time

State = ErasureCase.State


@contextmanager
def forgotten(*databases: str) -> Iterator[None]:
    """What happens inside is journalled; then these databases are as they were before."""
    databases = databases or ("default",)
    before = {alias: transaction.savepoint(using=alias) for alias in databases}
    yield
    write_journal()
    for alias, savepoint in before.items():
        transaction.savepoint_rollback(savepoint, using=alias)
    forget_keys()
    forget_answer()


def erase(*people: User) -> None:
    for user in people:
        pass_time(cancel_account(subject=user.subject), settings.COOLING_OFF)
    erase_due_accounts()


def hold(user: User, *classes: str, approved: bool = True) -> LegalHold:
    asked = ask_for_hold(
        subject=user.subject,
        exception="1.7.3",
        legal_basis="Order 7",
        classes=classes,
        until=timezone.now() + timedelta(days=9),
        by=uuid4(),
    )
    return approve_hold(hold=asked, by=uuid4()) if approved else asked


def living_keys(user: User) -> list[str]:
    alive = DataKey.objects.filter(owner=user.subject_id, wrapped__isnull=False)
    return sorted(alive.values_list("retention_class", flat=True))


def test_where_nothing_was_forgotten_nothing_happens_and_the_portal_is_open():
    erase(make_person())
    write_journal()
    lines = (journal_folder() / "erasures.jsonl").read_text()
    assert replay_erasures() == Replay(lost={"consents": 0})
    assert (journal_folder() / "erasures.jsonl").read_text() == lines
    assert [path.name for path in sorted(journal_folder().iterdir())] == [
        "consents.jsonl",
        "erasures.jsonl",
        "replaying",
    ]
    assert not in_maintenance()


@pytest.mark.parametrize("databases", [("default",), ("default", "keys")], ids=["without keys", "with keys"])
def test_whoever_was_erased_is_erased_again_and_nobody_else(databases: tuple[str, ...]):
    gone, other = make_person(), make_person()
    with forgotten(*databases):
        erase(gone)
    assert User.objects.filter(pk=gone.pk).exists()
    assert in_maintenance()
    done = replay_erasures()
    assert (done.erased, done.cancelled, done.undone, done.holds, done.unknown) == (1, 1, 0, 0, 0)
    for model in (User, Profile, ContactPoint):
        assert list(model.objects.values_list("subject_id", flat=True)) == [other.subject_id]
    assert living_keys(gone) == []
    assert living_keys(other) == sorted(SEALED_CLASSES)
    assert Profile.objects.get().name == "Maria Petrović"
    assert DataSubject.objects.get(pk=gone.subject_id).erased_at
    assert not in_maintenance()
    assert not is_restoring()


def test_the_case_comes_back_as_the_journal_has_it_and_ends_with_a_receipt():
    user = make_person()
    with forgotten():
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
    assert [*chain_faults(JournalEntry), *chain_faults(ErasureReceipt)] == []


def test_nobody_is_told_twice():
    user = make_person()
    with forgotten("default", "keys"):
        erase(user)
        assert Notice.objects.filter(template="account_erased").exists()
    replay_erasures()
    assert not Notice.objects.filter(template__in=["account_cancelled", "account_erased"]).exists()


def test_a_case_that_was_open_at_the_time_of_the_backup_is_not_made_twice():
    user = make_person()
    case = cancel_account(subject=user.subject)
    write_journal()
    with forgotten():
        pass_time(case, settings.COOLING_OFF)
        erase_due_accounts()
    done = replay_erasures()
    assert (done.erased, done.cancelled) == (1, 0)
    case.refresh_from_db()
    assert case.state == State.ERASED
    assert not User.objects.exists()


def test_a_cancellation_shuts_the_door_again_and_can_still_be_undone():
    user = make_person()
    with forgotten():
        before = cancel_account(subject=user.subject, ground=ErasureCase.Ground.UNLAWFUL)
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


def test_an_undone_cancellation_opens_the_door_again():
    user = make_person()
    case = cancel_account(subject=user.subject)
    write_journal()
    with forgotten():
        undo_cancellation(case=case)
    done = replay_erasures()
    assert (done.undone, done.cancelled) == (1, 0)
    case.refresh_from_db()
    user.refresh_from_db()
    assert (case.state, user.is_active) == (State.UNDONE, True)


def test_of_a_cancellation_undone_and_repeated_the_last_counts():
    user = make_person()
    with forgotten():
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


def test_a_case_whose_end_was_never_journalled_makes_room_for_the_next():
    user = make_person()
    first = cancel_account(subject=user.subject)
    write_journal()
    with forgotten():
        ErasureCase.objects.filter(pk=first.pk).update(state=State.UNDONE)
        second = cancel_account(subject=user.subject)
    assert replay_erasures().cancelled == 1
    assert dict(ErasureCase.objects.values_list("pk", "state")) == {
        first.pk: State.UNDONE,
        second.pk: State.COOLING_OFF,
    }


def test_what_came_about_for_some_leaves_others_as_they_were():
    people = [make_person() for _ in range(6)]
    undone, undone_too, cools_off, held, held_too, asks = people
    cases = [cancel_account(subject=user.subject) for user in (undone, undone_too, cools_off)]
    kept, still_asked = hold(asks, "contact"), hold(asks, "security", approved=False)
    asked = [hold(user, "contact", approved=False) for user in (held, held_too)]
    write_journal()
    with forgotten():
        for case in cases[:2]:
            undo_cancellation(case=case)
        for each in asked:
            LegalHold.objects.filter(pk=each.pk).delete()
        new = [hold(user, "account") for user in (held, held_too)]
        release_hold(hold=new[1], by=uuid4())
    done = replay_erasures()
    assert (done.undone, done.holds, done.cancelled, done.erased) == (2, 2, 0, 0)
    assert ErasureCase.objects.get(subject=cools_off.subject).state == State.COOLING_OFF
    assert not User.objects.get(pk=cools_off.pk).is_active
    assert User.objects.filter(is_active=True).count() == 5
    states = dict(LegalHold.objects.values_list("pk", "state"))
    assert (states[kept.pk], states[still_asked.pk]) == (LegalHold.State.APPROVED, LegalHold.State.ASKED)
    assert [states[each.pk] for each in asked] == [LegalHold.State.ASKED] * 2
    assert [states[each.pk] for each in new] == [LegalHold.State.APPROVED, LegalHold.State.RELEASED]


def test_who_only_cools_off_is_not_erased_with_those_who_were():
    gone, cools_off = make_person(), make_person()
    case = cancel_account(subject=cools_off.subject)
    write_journal()
    with forgotten():
        erase(gone)
    assert replay_erasures().erased == 1
    case.refresh_from_db()
    assert case.state == State.COOLING_OFF
    assert list(User.objects.all()) == [cools_off]


def test_a_hold_comes_back_with_what_it_keeps():
    user = make_person()
    with forgotten("default", "keys"):
        before = hold(user, "contact", "security")
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
    asked = hold(user, "contact", approved=False)
    write_journal()
    with forgotten():
        approve_hold(hold=asked, by=uuid4())
        approved_at = LegalHold.objects.get().decided_at
    assert replay_erasures().holds == 0
    found = LegalHold.objects.get()
    assert (found.state, found.legal_basis) == (LegalHold.State.APPROVED, "Order 7")
    assert abs(found.decided_at - approved_at) < timedelta(minutes=1)


def test_a_hold_that_was_released_keeps_nothing_any_more():
    user = make_person()
    released = hold(user, "contact")
    erase(user)
    write_journal()
    with forgotten():
        release_hold(hold=released, by=uuid4())
    replay_erasures()
    found = LegalHold.objects.get()
    assert found.state == LegalHold.State.RELEASED
    assert found.released_at
    erase_due_accounts()
    assert not ContactPoint.objects.exists()
    assert ErasureCase.objects.get().state == State.ERASED


@pytest.mark.parametrize("is_held", [False, True], ids=["erased", "held"])
def test_keys_that_an_old_backup_of_the_keys_brings_back_are_destroyed(is_held: bool):
    gone, other = make_person(), make_person()
    if is_held:
        hold(gone, "contact")
    with forgotten("keys"):
        erase(gone)
    assert living_keys(gone) == sorted(SEALED_CLASSES)
    kept = ["contact"] if is_held else []
    replay_erasures()
    assert living_keys(gone) == kept
    assert living_keys(other) == sorted(SEALED_CLASSES)


def test_who_is_not_in_the_backup_at_all_stays_erased_as_a_number():
    make_policy()
    with forgotten("default", "keys"):
        erase(make_person(), make_person())
    done = replay_erasures()
    assert (done.unknown, done.erased, done.cancelled) == (2, 2, 2)
    assert ErasureCase.objects.filter(state=State.ERASED, subject__erased_at__isnull=False).count() == 2
    assert not User.objects.exists()
    assert not in_maintenance()


def test_lost_consents_are_listed_by_their_numbers():
    before, lost = make_person(), make_person()
    write_journal()
    with forgotten():
        record = agree(lost.subject, ConsentRecord.objects.latest("position").version, "product_news")
    done = replay_erasures()
    assert done.lost == {"consents": 1}
    assert done.lost_list
    assert done.lost_list.parent == journal_folder()
    assert done.lost_list.name.startswith("lost-consents-20")
    [line] = map(json.loads, done.lost_list.read_text().splitlines())
    assert (line["id"], line["subject_id"]) == (str(record.pk), str(lost.subject_id))
    assert str(before.subject_id) not in done.lost_list.read_text()


def test_the_journal_begins_anew_and_the_old_one_is_kept():
    user = make_person()
    with forgotten():
        erase(user)
    old = (journal_folder() / "erasures.jsonl").read_text()
    replay_erasures()
    [kept] = journal_folder().glob("erasures-20*.jsonl")
    assert kept.read_text() == old
    assert [line["hash"] for line in ERASURES.file.lines()] == [
        bytes(entry.hash).hex() for entry in JournalEntry.objects.order_by("position")
    ]


def test_a_second_replay_changes_nothing():
    user = make_person()
    with forgotten():
        erase(user)
    replay_erasures()
    rows = list(ErasureCase.objects.values()), list(ErasureReceipt.objects.values()), JournalEntry.objects.count()
    assert replay_erasures() == Replay(lost={"consents": 0})
    assert rows == (
        list(ErasureCase.objects.values()),
        list(ErasureReceipt.objects.values()),
        JournalEntry.objects.count(),
    )


def test_a_replay_that_stopped_leaves_the_portal_shut_and_is_run_again(monkeypatch):
    user = make_person()
    with forgotten():
        erase(user)
    with monkeypatch.context() as broken:
        broken.setattr(ModelHolder, "erase", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            replay_erasures()
    assert is_restoring()
    assert in_maintenance()
    assert replay_erasures().erased == 1
    assert not User.objects.exists()
    assert not in_maintenance()


@pytest.mark.parametrize("count", [2, 5])
def test_many_are_erased_in_batches(monkeypatch, count: int):
    """Two and a half batches, and one that is just full."""
    monkeypatch.setattr(replaying, "BATCH", 2)
    people, other = [make_person() for _ in range(count)], make_person()
    with forgotten("default", "keys"):
        erase(*people)
    assert replay_erasures().erased == count
    assert list(User.objects.all()) == [other]
    assert ErasureReceipt.objects.count() == count
    assert not any(living_keys(person) for person in people)
