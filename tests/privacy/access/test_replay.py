"""The audit log of staff survives a restore: the replay records lost acts again."""

import json

from django.core.management import call_command
from django.test import Client

from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.access.services import record_access
from privacy.erasure.replay import replay_erasures
from privacy.journal.maintenance import in_maintenance
from privacy.journal.services import write_journal
from tests import journal
from tests.chains import chain_errors
from tests.erasures import ASKS, erase
from tests.factories import make_person, make_policy
from tests.privacy.erasure.restores import restored_after


def opened(user: User, reference: str = "T-1") -> AccessRecord:
    return record_access(
        subject=user.subject, staff=ASKS, role="Support", act="opened", reason="support", reference=reference
    )


def content(record: AccessRecord) -> list[object]:
    return [getattr(record, name) for name in ("pk", "subject_id", "staff", "role", "act", "reason", "at")]


def test_an_act_is_copied_without_what_staff_typed(person: User):
    record = opened(person, "Maria-Petrovic")
    write_journal()
    [line] = journal.text("accesses").splitlines()
    told = json.loads(line)
    assert len(bytes.fromhex(told.pop("mac"))) == 32
    assert told == {
        "position": record.position,
        "id": str(record.pk),
        "subject_id": str(person.subject_id),
        "staff": str(ASKS),
        "role": "Support",
        "act": "opened",
        "reason": "support",
        "at": record.at.isoformat(),
        "hash": bytes(record.hash).hex(),
    }


def test_an_act_that_a_restore_lost_is_restored_for_the_person_to_see(signed_in: Client, person: User):
    before = opened(person, "T-1")
    write_journal()
    with restored_after():
        lost = opened(person, "T-2")
    assert in_maintenance()
    done = replay_erasures()
    assert (done.counts["accesses"], done.restore.lost["accesses"], done.restore.lost_lists) == (1, 0, [])
    assert [content(record) for record in AccessRecord.objects.order_by("position")] == [content(before), content(lost)]
    assert list(chain_errors(AccessRecord)) == []
    assert not in_maintenance()
    page = signed_in.get("/settings/privacy/access/").content.decode()
    assert "T-1" in page
    assert "T-2" not in page


def test_an_act_on_a_person_erased_since_is_restored(person: User):
    with restored_after("default", "keys"):
        opened(person)
        erase(person)
    assert replay_erasures().counts["accesses"] == 1
    assert AccessRecord.objects.get().subject_id == person.subject_id


def test_an_act_on_a_person_who_is_not_in_the_backup_is_listed_as_lost(capsys):
    make_policy()
    with restored_after("default", "keys"):
        lost = opened(make_person())
    call_command("replay_erasures")
    said = capsys.readouterr().out
    assert "Lost, because they are newer than the backup: 1 accesses." in said
    [path] = journal.folder().glob("lost-accesses-*.jsonl")
    assert str(path) in said
    assert json.loads(path.read_text())["id"] == str(lost.pk)
    assert not AccessRecord.objects.exists()


def test_a_second_replay_records_nothing_twice(person: User):
    with restored_after():
        opened(person)
    assert replay_erasures().counts["accesses"] == 1
    assert replay_erasures().counts["accesses"] == 0
    assert AccessRecord.objects.count() == 1
