"""`manage.py find_traces` reports the place of a value, and neither keeps nor shows the value."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tools.management.commands import find_traces
from tools.traces.sources import Unseen

VALUES = ["Désirée Größenwahn 42", "+8613812345678", "Kontakt.77@Geraetebau.example"]
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A portal of its own, with folders of its own for everything."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "KEYS_", "REDIS"))}
    return kept | {"PORTAL_ENV": "embedded", "PORTAL_VAR": str(tmp_path / "var"), "TMPDIR": str(tmp_path / "tmp")}


def find(environment: dict[str, str], values: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-B", "manage.py", "find_traces", *arguments]
    return subprocess.run(command, input=values, env=environment, cwd=ROOT, capture_output=True, check=False)


def everything_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_says_where_and_never_what_and_leaves_nothing_behind(environment: dict[str, str], tmp_path: Path):
    (tmp_path / "tmp").mkdir()
    assert find(environment, b"nobody at all\n").returncode == 0  # makes var and its secrets
    (tmp_path / "var" / "media").mkdir()
    (tmp_path / "var" / "media" / f"{VALUES[0]}.txt").write_text(" ".join(VALUES), encoding="utf-8")
    before = everything_below(tmp_path)
    done = find(environment, "\n".join(VALUES).encode())
    assert done.returncode == 1
    said = done.stdout.decode()
    assert re.search(r"Line 1 found in the name of var: .*/media/…, byte 0, as UTF-8\n", said)
    for line, offset in ((1, 0), (2, 26), (3, 41)):
        assert f"Line {line} found in var: {tmp_path}/var/media/…, byte {offset}, as UTF-8\n" in said
    assert everything_below(tmp_path) == before
    for value in VALUES:
        for part in (value, value.casefold(), value[:8], value[-8:]):
            assert part.encode() not in done.stdout + done.stderr


def test_nothing_found_is_nothing_said(environment: dict[str, str], tmp_path: Path):
    done = find(environment, "\n".join(VALUES).encode() + b"\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith("0 traces of 3 values in ")
    assert f"Not searched: {tmp_path}/var/outbox, the outbox of a trial" in done.stderr.decode()
    assert re.search(r"var .*: [\d.]+ MB in", done.stderr.decode())


@pytest.mark.long
def test_what_could_not_be_searched_is_said_with_what_to_do(environment: dict[str, str], tmp_path: Path):
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "log.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"\0" * 100)
    done = find(environment, VALUES[0].encode(), "--also", str(archive))
    assert done.returncode == 2
    assert f"Not searched: also: {archive}/log.zst is packed by zstd: unpack it by hand" in done.stdout.decode()
    (archive / "log").write_text(VALUES[0], encoding="utf-8")
    assert find(environment, VALUES[0].encode(), "--also", str(archive)).returncode == 1


@pytest.mark.long
def test_a_folder_that_is_not_there_is_refused(environment: dict[str, str], tmp_path: Path):
    done = find(environment, VALUES[0].encode(), "--also", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "Not found: " in done.stderr.decode()


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    def give(values: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(values)))

    return give


def test_short_values_are_left_out_with_a_word(given, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(find_traces, "places", lambda _also: [])
    given("abc\n\n欧阳\r\n".encode())
    call_command("find_traces")
    out, errors = capsys.readouterr()
    assert "0 traces of 1 values" in out
    assert "Line 1 skipped" in errors
    assert "abc" not in out + errors


@pytest.mark.parametrize(
    ("values", "said"), [(b"", "one per line"), (b"ab\n", "one per line"), (b"x\nJ\xf6rg\n", "Line 2")]
)
def test_input_that_cannot_be_searched_for_is_refused(given, values: bytes, said: str):
    given(values)
    with pytest.raises(CommandError, match=said) as refused:
        call_command("find_traces")
    assert refused.value.returncode == 2


def test_at_a_terminal_it_asks_without_showing(monkeypatch: pytest.MonkeyPatch, capsys):
    answers = iter([*VALUES, ""])
    monkeypatch.setattr(find_traces, "places", lambda _also: [("nowhere", iter([Unseen("that", f"has {VALUES[1]}")]))])
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(find_traces, "getpass", lambda _asked: next(answers))
    with pytest.raises(SystemExit) as ended:
        call_command("find_traces")
    assert ended.value.code == 2
    out = capsys.readouterr().out
    assert "Not searched: that …" in out
    assert "0 traces of 3 values" in out
