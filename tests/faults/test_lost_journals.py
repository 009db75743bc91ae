"""Data, keys and journal are restored, cut or edited, each alone: the portal says so, or repairs itself."""

from pathlib import Path

import pytest

from tests.faults.worlds import World

BEGIN = """
import shutil
from pathlib import Path
from django.core.management import CommandError
from privacy.encryption.keys import forget_keys
from privacy.journal.maintenance import forget_answer, why_in_maintenance
from privacy.journal.services import write_journal
from tests import journal
backups, keys = "{folder}/backups", "{folder}/keys"
def why():
    forget_answer()
    return why_in_maintenance()
def refused(*command):
    try:
        manage(*command)
    except CommandError as error:
        return str(error)
early, gone, stays = make_people(3)
cancel_all([early])
manage("backup", backups, "--keys", keys)
[older] = journal.segments("erasures")
older_lines = older.read_bytes()
cancel_all([gone])
erase_due_accounts()
write_journal()
[file] = journal.segments("erasures")
whole = file.read_bytes()
def cut():
    file.unlink()
    older.write_bytes(older_lines)
def put_back():
    older.unlink(missing_ok=True)
    file.write_bytes(whole)
"""


def script(folder: Path, text: str) -> str:
    return BEGIN.format(folder=folder) + text


def test_restore_needs_the_journal_of_erasures_no_older_than_the_backup(portal: World, tmp_path: Path):
    found = portal.run(
        script(
            tmp_path,
            """
journal.folder().rename(backups + "-elsewhere")
without = refused("restore", backups, "--keys", keys, "--yes")
Path(backups + "-elsewhere").rename(journal.folder())
file.unlink()
missing = refused("restore", backups, "--keys", keys, "--yes")
file.write_bytes(b"")
emptied = refused("restore", backups, "--keys", keys, "--yes")
cut()
shorter = refused("restore", backups, "--keys", keys, "--yes")
answer([without, missing, emptied, shorter, User.objects.count(), usable_keys(gone)])
""",
        ),
    )
    assert "There is no journal" in found[0]
    assert "older than the backup, or was cut" in found[1]
    assert "was changed or damaged" in found[2]
    assert "the keys database knows of" in found[3]
    assert found[4:] == [1, 0]


@pytest.mark.embedded
def test_a_cut_or_missing_journal_is_maintenance_and_rewritten_only_from_complete_data(portal: World, tmp_path: Path):
    found = portal.run(
        script(
            tmp_path,
            """
healthy = asked()
file.unlink()
missing = [asked(), why(), refused("replay_erasures")]
put_back()
[consents] = journal.segments("consents")
consents.write_bytes(consents.read_bytes().replace(stays.encode(), gone.encode()))
cut()
shorter = [asked(), why()]
manage("replay_erasures", "--rewrite-journal")
[file] = journal.segments("erasures")
anew = [asked(), file.read_bytes() == whole]
manage("restore", backups, "--yes")
file.unlink()
forgetful = refused("replay_erasures", "--rewrite-journal")
file.write_bytes(whole)
manage("replay_erasures")
answer([healthy, missing, shorter, anew, forgetful, asked(), usable_keys(gone)])
""",
        ),
    )
    healthy, missing, shorter, anew, forgetful, after, keys = found
    assert healthy[2] == 200
    assert missing[0] == [503, 503, 503]
    assert "ends at line 0" in missing[1]
    assert "--rewrite-journal" in missing[2]
    assert shorter[0] == [503, 503, 503]
    assert anew[0][2] == 200
    assert anew[1] is True
    assert "Restore the newest journal" in forgetful
    assert after[2] == 200
    assert keys == 0


@pytest.mark.embedded
@pytest.mark.long
def test_a_copy_of_the_journal_beside_it_hides_no_cut(portal: World, tmp_path: Path):
    """Only what the portal itself put aside explains a head that is not in the file."""
    found = portal.run(
        script(
            tmp_path,
            """
from portal.runtime.backups import databases
(journal.folder() / "erasures-20261125.jsonl").write_bytes(whole)
file.with_name(f"0000-aside-{'0' * 32}").touch()
cut()
shorter = [asked(), why()]
[copy] = Path(backups).glob("data/*/portal.backup")
databases.restore("default", copy)
past = [asked(), why(), User.objects.filter(subject_id=gone).count()]
put_back()
manage("replay_erasures")
answer([shorter, past, asked(), User.objects.filter(subject_id=gone).count()])
""",
        ),
    )
    (cut, why_cut), (past, why_past, revived), after, left = found
    assert (cut, past) == ([503, 503, 503], [503, 503, 503])
    assert "the keys database knows of" in why_cut
    assert "the keys database knows of" in why_past
    assert revived == 1
    assert (after[2], left) == (200, 0)


@pytest.mark.long
@pytest.mark.embedded
def test_an_edited_journal_erases_no_person(portal: World, tmp_path: Path):
    found = portal.run(
        script(
            tmp_path,
            """
manage("restore", backups, "--keys", keys, "--yes")
file.write_bytes(whole.replace(gone.encode(), stays.encode()))
edited = refused("replay_erasures")
file.write_bytes(whole + b"\\x00garbage\\n")
garbage = [asked(), why()]
file.write_bytes(whole)
left = User.objects.count()
manage("replay_erasures")
[file] = journal.segments("erasures")
with file.open("ab") as opened:
    opened.write(b"\\x00garbage\\n")
late = [asked(), why(), make_people(1) and cancel_all()]
answer([edited, left, garbage, late, User.objects.filter(subject_id=gone).count()])
""",
        ),
    )
    edited, left, garbage, late, revived = found
    assert "was changed or damaged (0000-" in edited
    assert left == 3
    assert garbage[0] == [503, 503, 503]
    assert late[0] == [503, 503, 503]
    assert "was changed or damaged (0001-" in late[1]
    assert late[2] == 2
    assert revived == 0


@pytest.mark.long
def test_keys_that_were_put_back_alone_are_destroyed_again(portal: World, tmp_path: Path):
    """By whatever means: the head in the keys database is older than the journal."""
    found = portal.run(
        script(
            tmp_path,
            """
from portal.runtime.backups import databases
[copy] = Path(keys).glob("*/keys.backup")
databases.restore("keys", copy)
forget_keys()
revived = usable_keys(gone)
write_journal()
answer([revived, usable_keys(gone), usable_keys(stays), asked()[2]])
""",
        ),
    )
    assert found == [3, 0, 3, 200]


@pytest.mark.long
def test_a_backup_has_keys_of_people_who_register_meanwhile(portal: World, tmp_path: Path):
    backups, keys = str(tmp_path / "backups"), str(tmp_path / "keys")
    found = portal.run(
        f"""
        from portal.management.commands import backup
        for name in ("_fill_data", "_fill_keys"):
            def fill(folder, real=getattr(backup, name)):
                make_people(1)
                return real(folder)
            setattr(backup, name, fill)
        manage("backup", {backups!r}, "--keys", {keys!r})
        manage("restore", {backups!r}, "--keys", {keys!r}, "--yes")
        manage("replay_erasures")
        answer([len(user.username) > 0 for user in User.objects.all()])
        """
    )
    assert found == [True]


@pytest.mark.long
def test_keys_that_no_master_key_opens_are_not_restored(portal: World, tmp_path: Path):
    found = portal.run(
        script(
            tmp_path,
            """
from django.test import override_settings
with override_settings(MASTER_KEYS={"9": bytes(32)}):
    other = refused("restore", backups, "--keys", keys, "--yes")
from django.conf import settings
(name,) = settings.MASTER_KEYS
with override_settings(MASTER_KEYS={name: bytes(32)}):
    same_name = refused("restore", backups, "--keys", keys, "--yes")
answer([other, same_name, usable_keys(gone), asked()[2]])
""",
        ),
    )
    assert "wrapped by master keys that are not in MASTER_KEYS" in found[0]
    assert "wrapped by master keys that are not in MASTER_KEYS" in found[1]
    assert found[2:] == [0, 200]


@pytest.mark.embedded
@pytest.mark.long
def test_what_a_killed_backup_left_behind_goes(portal: World, tmp_path: Path):
    folders = {name: str(tmp_path / name) for name in ("backups", "keys")}
    backup = f"manage('backup', {folders['backups']!r}, '--keys', {folders['keys']!r})"
    killed = portal.start(f"make_people(1); die_at('portal.runtime.backups.folders._digest', False, 3); {backup}")
    killed.communicate(timeout=120)
    assert list((tmp_path / "keys").glob(".*.partial/keys.backup")) != []
    portal.run(f"{backup}; answer(1)")
    assert [*(tmp_path / "keys").glob(".*.partial"), *(tmp_path / "backups" / "data").glob(".*.partial")] == []


@pytest.mark.long
def test_pseudonyms_of_recipients_survive_a_restore_of_older_keys(portal: World, tmp_path: Path):
    """They would not know another pseudonym: they would acknowledge, and erase nothing."""
    found = portal.run(
        script(
            tmp_path,
            """
from privacy.encryption import keys as opened
from uuid import UUID
from privacy.recipients.references import reference_for
from privacy.recipients.services import register_recipient
from privacy.recipients.signing_secrets import open_signing_secret
recipient, secret = register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
before = reference_for(recipient.pk, UUID(stays))
from portal.runtime.backups import databases
[copy] = Path(keys).glob("*/keys.backup")
databases.restore("keys", copy)
opened._system_keys.clear()
same_secret = open_signing_secret(bytes(recipient.secret), recipient.pk) == secret
answer([reference_for(recipient.pk, UUID(stays)) == before, same_secret])
""",
        ),
    )
    assert found == [True, True]
