"""A restored database, and a journal that knows more: erased people are erased again, once, without notices."""

import json
from pathlib import Path

import pytest

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.erasure import replay as replaying
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.replay import Replay, replay_erasures
from privacy.erasure.services import cancel_account
from privacy.inventory.data_stores import ModelDataStore
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.journal.maintenance import in_maintenance, is_restore_running
from privacy.journal.models import JournalEntry
from privacy.journal.restores import Restore
from privacy.journal.services import ERASURES, write_journal
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject
from tests import journal
from tests.erasures import erase, held, usable_keys
from tests.factories import agree, make_person, make_policy
from tests.privacy.erasure.restores import restored_after

State = ErasureCase.State
NOTHING = dict.fromkeys(
    ("children", "licences", "members", "accesses", "receipts", "consents", "requests", "notices"), 0
)


def test_a_replay_without_losses_changes_nothing_and_ends_maintenance_mode():
    erase(make_person())
    write_journal()
    lines = journal.text("erasures")
    assert replay_erasures() == Replay(
        counts=NOTHING, restore=Restore(lost={"accesses": 0, "consents": 0, "requests": 0})
    )
    assert journal.text("erasures") == lines
    assert [path.name for path in sorted(journal.folder().iterdir())] == [
        "consents",
        "erasures",
        "identity",
        "receipts",
    ]
    assert not in_maintenance()


@pytest.mark.parametrize("databases", [("default",), ("default", "keys")], ids=["without keys", "with keys"])
def test_erased_people_are_erased_again_and_no_one_else(databases: tuple[str, ...]):
    gone, other = make_person(), make_person()
    with restored_after(*databases):
        erase(gone)
    assert User.objects.filter(pk=gone.pk).exists()
    assert in_maintenance()
    done = replay_erasures()
    assert (done.erased, done.cancelled, done.undone, done.holds, done.unknown) == (1, 1, 0, 0, 0)
    for model in (User, Profile, ContactPoint):
        assert list(model.objects.values_list("subject_id", flat=True)) == [other.subject_id]
    assert usable_keys(gone) == []
    assert usable_keys(other) == sorted(SEALED_CLASSES)
    assert Profile.objects.get().name == "Maria Petrović"
    assert DataSubject.objects.get(pk=gone.subject_id).erased_at
    assert not in_maintenance()
    assert not is_restore_running()


def test_no_one_is_notified_twice():
    user = make_person()
    with restored_after("default", "keys"):
        erase(user)
        assert Notice.objects.filter(template="account_erased").exists()
    replay_erasures()
    assert not Notice.objects.filter(template__in=["account_cancelled", "account_erased"]).exists()


def test_a_cooling_off_case_is_not_erased_by_a_replay():
    gone, cools_off = make_person(), make_person()
    case = cancel_account(subject=cools_off.subject)
    write_journal()
    with restored_after():
        erase(gone)
    assert replay_erasures().erased == 1
    case.refresh_from_db()
    assert case.state == State.COOLING_OFF
    assert list(User.objects.all()) == [cools_off]


def test_a_person_who_is_not_in_the_backup_stays_erased_as_a_number():
    make_policy()
    with restored_after("default", "keys"):
        for _ in range(2):
            erase(make_person())
    done = replay_erasures()
    assert (done.unknown, done.erased, done.cancelled) == (2, 2, 2)
    assert ErasureCase.objects.filter(state=State.ERASED, subject__erased_at__isnull=False).count() == 2
    assert not User.objects.exists()
    assert not in_maintenance()


@pytest.mark.parametrize("is_held", [False, True], ids=["erased", "held"])
def test_keys_restored_from_an_old_backup_are_destroyed(is_held: bool):
    gone, other = make_person(), make_person()
    if is_held:
        held(gone, "contact")
    with restored_after("keys"):
        erase(gone)
    assert usable_keys(gone) == sorted(SEALED_CLASSES)
    kept = ["contact"] if is_held else []
    replay_erasures()
    assert usable_keys(gone) == kept
    assert usable_keys(other) == sorted(SEALED_CLASSES)


@pytest.mark.parametrize("count", [2, 5])
def test_many_are_erased_in_batches(monkeypatch, count: int):
    """Two and a half batches, and one full batch."""
    monkeypatch.setattr(replaying, "BATCH", 2)
    people, other = [make_person() for _ in range(count)], make_person()
    with restored_after("default", "keys"):
        for person in people:
            erase(person)
    assert replay_erasures().erased == count
    assert list(User.objects.all()) == [other]
    assert ErasureReceipt.objects.count() == count
    assert not any(usable_keys(person) for person in people)


def test_lost_consents_are_listed_by_their_numbers():
    before, lost = make_person(), make_person()
    write_journal()
    with restored_after():
        record = agree(lost.subject, ConsentRecord.objects.latest("position").version, "product_news")
    done = replay_erasures()
    assert done.restore.lost == {"accesses": 0, "consents": 1, "requests": 0}
    [listed] = map(Path, done.restore.lost_lists)
    assert listed.parent == journal.folder()
    assert listed.name.startswith("lost-consents-20")
    assert listed.stat().st_mode & 0o777 == 0o600
    [line] = map(json.loads, listed.read_text().splitlines())
    assert (line["id"], line["subject_id"]) == (str(record.pk), str(lost.subject_id))
    assert str(before.subject_id) not in listed.read_text()


def test_a_new_journal_is_begun_and_the_old_one_is_kept():
    user = make_person()
    with restored_after():
        erase(user)
    [old] = journal.segments("erasures")
    text = old.read_text()
    replay_erasures()
    assert old.read_text() == text
    assert old not in journal.segments("erasures")
    [aside] = ERASURES.archives()
    assert aside.was_put_aside()
    assert [line["hash"] for line in ERASURES.journal.lines()] == [
        bytes(entry.hash).hex() for entry in JournalEntry.objects.order_by("position")
    ]


def test_a_second_replay_changes_nothing():
    user = make_person()
    with restored_after():
        erase(user)
    replay_erasures()
    rows = list(ErasureCase.objects.values()), list(ErasureReceipt.objects.values()), JournalEntry.objects.count()
    assert replay_erasures() == Replay(
        counts=NOTHING, restore=Restore(lost={"accesses": 0, "consents": 0, "requests": 0})
    )
    assert rows == (
        list(ErasureCase.objects.values()),
        list(ErasureReceipt.objects.values()),
        JournalEntry.objects.count(),
    )


def test_a_stopped_replay_leaves_maintenance_mode_on_and_is_run_again(monkeypatch):
    user = make_person()
    with restored_after():
        erase(user)
    with monkeypatch.context() as broken:
        broken.setattr(ModelDataStore, "erase", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            replay_erasures()
    assert is_restore_running()
    assert in_maintenance()
    assert replay_erasures().erased == 1
    assert not User.objects.exists()
    assert not in_maintenance()
