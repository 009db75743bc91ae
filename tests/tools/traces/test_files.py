"""Values in files, archives, backups and snapshots are found; unreadable ones are reported."""

import bz2
import gzip
import io
import lzma
import shutil
import sqlite3
import string
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.traces import files_below, traces
from tools.traces import lzf
from tools.traces.folders import folder
from tools.traces.packed import DEEPEST
from tools.traces.sources import Source, Unseen
from tools.traces.write_ahead_log import PAGE, segment

pytestmark = pytest.mark.embedded

VALUE = "Désirée Größenwahn 42"
PLAIN = b"before " * 500 + VALUE.encode() + b" after" * 500


def zipped(content: bytes, name: str = "inner.txt") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def tarred(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("inner.bin")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "as it is": bytes,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
    "tar": tarred,
    "zip in tar": lambda content: tarred(zipped(content)),
    "gzip in tar": lambda content: tarred(gzip.compress(content)),
    "tar in zip": lambda content: zipped(tarred(content)),
    "gzip in gzip": lambda content: gzip.compress(gzip.compress(content)),
}


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_a_value_is_found_in_a_file_however_it_is_packed(tmp_path: Path, pack: Callable[[bytes], bytes]):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.bin").write_bytes(pack(PLAIN))
    found = traces(files_below(tmp_path), [VALUE])
    assert found
    assert all(f"{tmp_path}/deep/file.bin" in line and "UTF-8" in line for line in found)


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_nothing_is_found_where_nothing_was_planted(tmp_path: Path, pack: Callable[[bytes], bytes]):
    (tmp_path / "clean.bin").write_bytes(pack(bytes(range(256)) * 1000))
    assert traces(files_below(tmp_path), [VALUE]) == []


def test_a_name_that_holds_a_value_is_found_and_not_repeated(tmp_path: Path):
    (tmp_path / f"{VALUE}.pdf").write_bytes(PLAIN)
    (tmp_path / "copy.zip").write_bytes(zipped(b"", f"{VALUE}.txt"))
    results = traces(files_below(tmp_path), [VALUE])
    told = [line.replace(repr(VALUE), "") for line in results]
    assert any("the name of" in line and f"{tmp_path}/…" in line for line in told)
    assert not any(VALUE in line for line in told)


DAMAGED = {
    "gzip, torn off": gzip.compress(PLAIN)[:-50],
    "zip, torn off": zipped(PLAIN)[:-50],
    "xz, torn off": lzma.compress(PLAIN)[:-50],
    "zstd": b"\x28\xb5\x2f\xfd" + b"\0" * 100,
    "7-Zip": b"7z\xbc\xaf\x27\x1c" + b"\0" * 100,
    "zip, a name of no alphabet": zipped(PLAIN, "ü.txt").replace("ü".encode(), b"\xff\xff"),
    # The flag of encryption, in the header of the file and in that of the directory.
    "zip, encrypted": zipped(PLAIN)
    .replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0")
    .replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"),
    "packed too often": None,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_cannot_be_unpacked_is_said(tmp_path: Path, content: bytes | None):
    if content is None:
        content = PLAIN
        for _ in range(DEEPEST + 1):
            content = gzip.compress(content)
    (tmp_path / "file").write_bytes(content)
    found = traces(files_below(tmp_path), [VALUE])
    assert found
    assert all(line.startswith("not searched: ") and "--also" in line for line in found)


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "shut").write_bytes(PLAIN)
    (tmp_path / "open").write_bytes(PLAIN)
    real = Path.open

    def refuse(path: Path, *args: str):
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return real(path, *args)

    monkeypatch.setattr(Path, "open", refuse)  # root, who runs this in CI, may read everything
    shut, found = sorted(traces(files_below(tmp_path), [VALUE]), key=lambda line: "not searched" not in line)
    assert "may not be read by this user" in shut
    assert "/open at 3500 as UTF-8" in found


def test_links_are_followed_but_never_round_in_a_circle(tmp_path: Path):
    elsewhere, top = tmp_path / "elsewhere", tmp_path / "top"
    elsewhere.mkdir()
    top.mkdir()
    (elsewhere / "file").write_bytes(PLAIN)
    (elsewhere / "back").symlink_to(top)
    (top / "there").symlink_to(elsewhere)
    (top / "nowhere").symlink_to(tmp_path / "missing")
    assert len(traces(files_below(top), [VALUE])) == 1


def test_a_link_in_an_archive_that_leads_nowhere_ends_no_search(tmp_path: Path):
    with tarfile.open(tmp_path / "logs.tar.gz", mode="w:gz") as archive:
        for name, leads_to in {"current": "/var/log/elsewhere", "itself": "itself"}.items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, leads_to
            archive.addfile(link)
        packed = gzip.compress(PLAIN)
        member = tarfile.TarInfo("old.gz")
        member.size = len(packed)
        archive.addfile(member, io.BytesIO(packed))
    [found] = traces(files_below(tmp_path), [VALUE])
    assert "file old.gz, unpacked at 3500 as UTF-8" in found


def test_a_folder_that_is_left_out_is_not_searched(tmp_path: Path):
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "message").write_bytes(PLAIN)
    assert traces(folder("file", tmp_path, without=[tmp_path / "outbox"]), [VALUE]) == []


def test_a_long_value_in_sqlite_is_found_although_pages_tear_it_apart(tmp_path: Path):
    long, file = f"{VALUE} und {string.printable.strip()} " * 60, tmp_path / "kept.sqlite3"
    database = sqlite3.connect(file)
    database.execute('CREATE TABLE "a ""diary""" (entry TEXT, photo BLOB)')
    database.execute('INSERT INTO "a ""diary""" VALUES (?, ?)', [long, long.encode("utf-16-be")])
    database.commit()
    found = traces(files_below(tmp_path), [long.strip()])
    assert {line.rsplit(" as ", 1)[1] for line in found} >= {"UTF-8", "UTF-16 BE"}
    assert all('table a "diary"' in line for line in found)
    database.close()


def test_a_damaged_name_in_sqlite_ends_no_search(tmp_path: Path):
    with sqlite3.connect(tmp_path / "a.sqlite3") as database:
        database.execute("CREATE TABLE nameless (value TEXT)")
    database.close()
    damaged = (tmp_path / "a.sqlite3").read_bytes().replace(b"nameless", b"\xff\xfeseless")
    (tmp_path / "a.sqlite3").write_bytes(damaged)
    (tmp_path / "b.txt").write_bytes(PLAIN)
    said = traces(files_below(tmp_path), [VALUE])
    assert any("cannot be read as a database" in line for line in said)
    assert any("b.txt at 3500 as UTF-8" in line for line in said)


def test_looking_at_sqlite_leaves_no_file_beside_it(tmp_path: Path):
    database = sqlite3.connect(tmp_path / "kept.sqlite3")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE diary (entry TEXT)")
    database.commit()
    database.close()
    before = sorted(tmp_path.iterdir())
    assert traces(files_below(tmp_path), [VALUE]) == []
    assert sorted(tmp_path.iterdir()) == before


def test_a_deleted_value_is_found_in_sqlite_s_write_ahead_log(tmp_path: Path):
    database = sqlite3.connect(tmp_path / "kept.sqlite3")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA secure_delete = ON")
    database.execute("CREATE TABLE diary (entry TEXT)")
    database.execute("INSERT INTO diary VALUES (?)", [VALUE])
    database.commit()
    database.execute("DELETE FROM diary")
    database.commit()
    found = traces(files_below(tmp_path), [VALUE])
    assert len(found) == 1
    assert "kept.sqlite3-wal" in found[0]
    database.close()


def test_a_value_that_a_page_of_the_write_ahead_log_tears_apart_is_found_where_it_begins(tmp_path: Path):
    (tmp_path / "pg_wal").mkdir()
    file, planted = tmp_path / "pg_wal" / "000000010000000000000001", VALUE.encode()
    for cut in (1, len(planted) // 2, len(planted) - 1):
        for page in (0, 130):
            whole = bytearray(PAGE * 200)
            end = PAGE * (page + 1)
            whole[end - cut : end] = planted[:cut]
            whole[end + 24 : end + 24 + len(planted) - cut] = planted[cut:]
            file.write_bytes(whole)
            [found] = traces([segment("log", file)], [VALUE])
            assert f" at {end - cut} as UTF-8" in found


def test_texts_that_redis_packed_are_unpacked():
    text = b"abc" + b"ab" * 200 + b"end"
    packed = bytes([4]) + b"abcab" + bytes([0xE0, 255, 1]) + bytes([0xE0, 125, 1]) + bytes([2]) + b"end"
    assert lzf.unpacked(packed, len(text)) == text
    assert lzf.unpacked(packed, len(text) + 1) is None
    assert lzf.unpacked(b"\xff\xff\xff", 100) is None
    assert lzf.unpacked(b"\xe0", 100) is None


def test_a_packed_text_is_found_at_the_border_of_two_pieces(monkeypatch: pytest.MonkeyPatch):
    packed = bytes([0xC3, 5, 0x40, 203, 0]) + b"a" + bytes([0xE0, 193, 0])
    for before in range(55, 70):
        monkeypatch.setattr(lzf, "CHUNK", 64)
        file = io.BytesIO(b"\0" * before + packed + b"\0" * 100)
        assert list(lzf.packed_texts(file)) == [(before, b"a" * 203)]


def test_a_source_that_was_searched_to_its_end_is_read_once():
    asked = []

    def pieces():
        asked.append(1)
        yield PLAIN

    assert traces([Source("here", pieces())], [VALUE])
    assert asked == [1]


def test_a_folder_deleted_during_the_search_is_not_reported_as_unsearched(tmp_path: Path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(VALUE, encoding="utf-8")

    def first_is_seen(path: Path) -> bool:
        shutil.rmtree(tmp_path / "b", ignore_errors=True)  # as a server drops another database
        return path.name == "file"

    places = []
    for place in folder("server", tmp_path, only=first_is_seen):
        places.append(place)
        assert not isinstance(place, Unseen)
    assert len(places) == 1
