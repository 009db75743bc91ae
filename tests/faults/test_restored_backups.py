"""An old backup is restored, with and without its keys: maintenance mode first, no person restored, no data read."""

import json
from pathlib import Path

import pytest

from tests.faults.worlds import World

ASK = """
from django.test import Client
answer([Client().get(path).status_code for path in ("/", "/api/v1/me", "/readyz", "/healthz", "/metrics")][:4])
"""


def erase(portal: World, subjects: list[str]) -> None:
    # By a file: a command line is too short for ten thousand numbers.
    listed = portal.folder / "to_erase.json"
    listed.write_text(json.dumps(subjects))
    portal.run(f"cancel_all(json.load(open({str(listed)!r}))); erase_due_accounts(); answer(1)")


@pytest.mark.parametrize(
    "with_keys",
    [
        pytest.param(True, id="with its keys", marks=pytest.mark.long),
        pytest.param(False, id="without", marks=pytest.mark.embedded),
    ],
)
def test_a_restored_portal_forgets_again_before_it_serves(portal: World, tmp_path: Path, many, with_keys: bool):
    gone, stay = many(12, 10_000), 3
    people = portal.run(f"answer(make_people({gone + stay}))")
    backups = tmp_path / "backups"
    portal.manage("backup", str(backups), "--keys", str(tmp_path / "keys"))
    erase(portal, people[:gone])
    keys = ["--keys", str(tmp_path / "keys")] if with_keys else []
    said = portal.manage("restore", str(backups), *keys, "--yes").stdout
    assert "replay_erasures" in said
    assert portal.run(ASK) == [503, 503, 503, 200]
    before = portal.run("answer(User.objects.count())")
    assert before == gone + stay
    said = portal.manage("replay_erasures").stdout
    assert f"{gone} {'person' if gone == 1 else 'persons'} erased again" in said
    assert portal.run(ASK)[3] == 200
    assert portal.run(ASK)[2] == 200
    assert portal.run("from tests.faults.scenes import revived; answer(revived())") == {
        "people": 0,
        "keys": 0,
        "left": stay,
    }
    found = portal.run("answer(outcome())")
    assert found["notified"] == 0
    assert found["chain faults"] == 0
    assert found["erased"] == gone


@pytest.mark.long
def test_a_restore_that_was_killed_is_not_replayed_but_restored_again(portal: World, tmp_path: Path):
    """What `pg_restore` makes last are constraints, and the triggers that refuse late writes and changed evidence."""
    people = portal.run("answer(make_people(3))")
    backups = str(tmp_path / "backups")
    portal.manage("backup", backups, "--keys", str(tmp_path / "keys"))
    erase(portal, people[:1])
    killed = portal.start(
        f"""
        from portal.runtime.backups import databases
        databases.restore = lambda alias, source: os._exit(9)
        manage("restore", {backups!r}, "--yes")
        """
    )
    killed.communicate(timeout=120)
    assert killed.returncode == 9
    refused = portal.manage("replay_erasures", check=False)
    assert refused.returncode == 1
    assert "was interrupted" in refused.stderr
    assert portal.run(ASK) == [503, 503, 503, 200]
    portal.manage("restore", backups, "--yes")
    portal.manage("replay_erasures")
    assert portal.run(ASK)[2] == 200
    assert portal.run("answer(User.objects.count())") == 2


@pytest.mark.long
def test_a_restore_and_a_replay_never_run_at_once(portal: World, tmp_path: Path):
    """A replay that ends opens the portal, whatever another restore has done by then."""
    found = portal.run(
        f"""
        from django.core.management import CommandError
        from privacy.erasure.replay import one_replay_at_a_time
        make_people(1)
        manage("backup", {str(tmp_path / "backups")!r})
        make_people(1)
        with one_replay_at_a_time():
            try:
                manage("restore", {str(tmp_path / "backups")!r}, "--yes")
            except CommandError as error:
                answer([str(error), User.objects.count(), asked()[2]])
        """
    )
    assert found == ["Another process restores or replays already: let it finish. Nothing was changed.", 2, 200]


@pytest.mark.long
def test_a_database_that_was_put_back_by_other_means_is_noticed_too(portal: World, tmp_path: Path):
    """A managed backup does not use the portal's commands: only the journal shows the restore."""
    people = portal.run("answer(make_people(4))")
    portal.manage("backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"))
    erase(portal, people[:2])
    portal.manage("restore", str(tmp_path / "backups"), "--yes")
    (tmp_path / "var" / "journal" / "restoring").unlink()
    assert portal.run(ASK) == [503, 503, 503, 200]


@pytest.mark.embedded
@pytest.mark.long
def test_a_replay_that_was_stopped_is_run_again(portal: World, tmp_path: Path):
    people = portal.run("answer(make_people(6))")
    portal.manage("backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"))
    erase(portal, people[:5])
    portal.manage("restore", str(tmp_path / "backups"), "--yes")
    for boundary in ("privacy.erasure.erasing.destroy_keys", "privacy.journal.restores.Restore.list_lost"):
        replay = "from privacy.erasure.replay import replay_erasures; replay_erasures()"
        stopped = portal.start(f"die_at({boundary!r}, False, 1); {replay}")
        stopped.communicate(timeout=120)
        assert stopped.returncode == -9
        assert portal.run(ASK)[0] == 503
    portal.manage("replay_erasures")
    assert portal.run(ASK)[2:] == [200, 200]
    assert portal.run("from tests.faults.scenes import revived; answer(revived())")["people"] == 0


@pytest.mark.long
@pytest.mark.embedded
def test_an_undone_cancellation_a_hold_and_lost_consents_are_accounted_for(portal: World, tmp_path: Path):
    keeper, held, agreed = portal.run("answer(make_people(3))")
    portal.run(f"cancel_all([{keeper!r}]); answer(1)", COOLING_OFF="P7D")
    portal.manage("backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"))
    portal.run(
        f"""
        from privacy.erasure.services import undo_cancellation
        from privacy.journal.services import write_journal
        from privacy.policies.models import PolicyVersion
        from tests.factories import agree
        undo_cancellation(case=ErasureCase.objects.get(subject_id={keeper!r}))
        hold_contact({held!r})
        cancel_all([{held!r}])
        erase_due_accounts()
        agree(DataSubject.objects.get(pk={agreed!r}), PolicyVersion.objects.first(), "product_news")
        write_journal()
        answer(1)
        """
    )
    portal.manage("restore", str(tmp_path / "backups"), "--yes")
    said = portal.manage("replay_erasures").stdout
    assert "Lost, because they are newer than the backup: 1 consents." in said
    lost = next((tmp_path / "var" / "journal").glob("lost-consents-*.jsonl"))
    assert [json.loads(line)["subject_id"] for line in lost.read_text().splitlines()] == [agreed]
    found = portal.run(
        f"""
        from accounts.contact_points.models import ContactPoint
        answer({{
            "keeper": User.objects.filter(subject_id={keeper!r}, is_active=True).count(),
            "held phone": ContactPoint.objects.filter(subject_id={held!r}).count(),
            "held account": User.objects.filter(subject_id={held!r}).count(),
            "states": sorted(ErasureCase.objects.values_list("state", flat=True)),
        }})
        """
    )
    assert found == {"keeper": 1, "held phone": 1, "held account": 0, "states": ["held", "undone"]}


@pytest.mark.embedded
def test_a_damaged_backup_or_a_missing_journal_is_refused_before_anything_changes(portal: World, tmp_path: Path):
    portal.run("answer(make_people(2))")
    portal.manage("backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"))
    [file] = (tmp_path / "backups" / "data").glob("*/portal.backup")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused = portal.manage("restore", str(tmp_path / "backups"), "--yes", check=False)
    assert refused.returncode == 1
    assert "was changed since" in refused.stderr
    file.write_bytes(whole)
    journal = tmp_path / "var" / "journal"
    journal.rename(tmp_path / "elsewhere")
    refused = portal.manage("restore", str(tmp_path / "backups"), "--yes", check=False)
    assert "There is no journal" in refused.stderr
    assert portal.run("answer(User.objects.count())") == 2
    assert portal.run(ASK)[2] == 503
    (tmp_path / "elsewhere").rename(journal)
    assert portal.run(ASK)[2] == 200


@pytest.mark.embedded
def test_a_child_whose_guardian_refused_is_not_in_a_restored_portal(portal: World, tmp_path: Path):
    number = portal.run(
        """
        import datetime as dt
        from privacy.guardians.ages import Age
        from privacy.guardians.services import GuardianAddress, ask_guardian
        age, guardian = Age("DE", dt.date(2099, 5, 31)), GuardianAddress("email", "parent@example.com", "en")
        answer(ask_guardian(age=age, guardian=guardian).pk)
        """
    )
    portal.manage("backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"))
    found = "from privacy.guardians.models.pending import PendingChild\n"
    portal.run(
        f"{found}from privacy.guardians.services import refuse\nrefuse(child=PendingChild.objects.get())\nanswer(1)"
    )
    portal.manage("restore", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"), "--yes")
    count = f"{found}answer([PendingChild.objects.count(), usable_keys({number!r})])"
    assert portal.run(count) == [1, 1]
    assert portal.run(ASK) == [503, 503, 503, 200]
    assert "1" in portal.manage("replay_erasures").stdout
    assert portal.run(count) == [0, 0]
    assert portal.run(ASK)[2] == 200
