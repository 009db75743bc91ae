"""What `backup` and `restore` refuse or ask before they do anything; whole backups are restored in tests/faults/."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.management.commands import backup, restore
from portal.runtime.backups import folders

MODE = 0o777


@pytest.fixture
def whole(monkeypatch, tmp_path: Path) -> list[str]:
    """A backup that looks whole; the list says what was restored of it."""
    restored: list[str] = []
    folders.make(tmp_path / "data", lambda _draft: {"holds": "data"})
    monkeypatch.setattr(restore.databases, "is_readable", lambda *_args: True)
    monkeypatch.setattr(restore.Command, "_restore", lambda *_args: restored.append("all"))
    return restored


def test_without_a_terminal_restore_names_the_option_that_answers_for_it(monkeypatch, tmp_path, whole: list[str]):
    def nobody(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match=r"without a terminal, add --yes\. Nothing was changed"):
        call_command("restore", str(tmp_path), "--without-journal")
    assert whole == []
    call_command("restore", str(tmp_path), "--without-journal", "--yes")
    assert whole == ["all"]


@pytest.mark.parametrize(("answer", "is_wanted"), [("y", True), (" Y ", True), ("", False), ("yes please", False)])
def test_restore_takes_a_yes_for_a_yes_and_nothing_else(monkeypatch, tmp_path, whole, answer: str, is_wanted: bool):
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    if is_wanted:
        call_command("restore", str(tmp_path), "--without-journal")
    else:
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("restore", str(tmp_path), "--without-journal")
    assert bool(whole) == is_wanted


def test_restore_says_which_folder_is_missing_or_empty_and_which_backups_there_are(tmp_path: Path):
    with pytest.raises(CommandError, match=r"nonexist/data: no such folder\. Name the folder in which"):
        call_command("restore", str(tmp_path / "nonexist"), "--yes")
    (tmp_path / "data").mkdir()
    with pytest.raises(CommandError, match="no complete backup in it"):
        call_command("restore", str(tmp_path), "--yes")
    made = folders.make(tmp_path / "data", lambda _draft: {"holds": "data"})
    with pytest.raises(CommandError, match=rf"no complete backup 2020 in .*There are: {made.name}\."):
        call_command("restore", str(tmp_path), "--at", "2020", "--yes")


@pytest.mark.parametrize("keys", ["data", "data/keys", "other/../data/keys", "."])
def test_keys_among_the_data_are_refused(tmp_path: Path, keys: str):
    with pytest.raises(CommandError, match="Keys must not be in the folder"):
        call_command("backup", str(tmp_path), "--keys", str(tmp_path / keys))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("keys", "is_warned"), [(None, True), ("in/keys", True), ("elsewhere", False)])
def test_keys_beside_the_data_are_warned_of(monkeypatch, capsys, tmp_path: Path, keys: str | None, is_warned: bool):
    monkeypatch.setattr(backup, "_make", lambda *_args: [])
    call_command("backup", str(tmp_path / "in"), *(["--keys", str(tmp_path / keys)] if keys else []))
    assert ("the keys are next to the data" in capsys.readouterr().out) == is_warned


def test_other_users_cannot_read_a_backup(tmp_path: Path):
    def fill(draft: Path) -> dict[str, Any]:
        (draft / "portal.backup").write_text("data")
        return {"holds": "data"}

    made = folders.make(tmp_path / "data", fill)
    assert {path.name: oct(path.stat().st_mode & MODE) for path in made.iterdir()} == {
        "manifest.json": "0o600",
        "portal.backup": "0o600",
    }
    assert made.stat().st_mode & MODE == 0o700


@pytest.mark.long
@pytest.mark.embedded
def test_other_users_cannot_read_the_files_of_an_embedded_portal(tmp_path: Path):
    var = tmp_path / "var"
    environment = {"PORTAL_VAR": str(var), "PATH": os.environ["PATH"]}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--database", "keys", "--verbosity", "0"]
    for _again in range(2):
        subprocess.run(manage, env=environment, check=True, umask=0o022)
        files = [var / "portal.sqlite3", var / "keys.sqlite3"]
        assert [oct(path.stat().st_mode & MODE) for path in (var, *files)] == ["0o700", "0o600", "0o600"]
        files[0].chmod(0o644)
