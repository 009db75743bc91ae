"""What is planted in any place that a portal keeps anything in is found there."""

import gzip
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from django.db import connections

from portal.runtime.celery_app import app
from tests.faults.servers import OwnRedis
from tests.traces import files_below, traces
from tools.traces import postgresql
from tools.traces import redis as redis_place
from tools.traces.places import places

VALUE = "Désirée Größenwahn 42"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database on the server of the tests, which the portal takes for its own."""
    given = connections["default"].settings_dict
    server = "postgres://{USER}@{HOST}:{PORT}".format(**given)
    name = f"planted_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(f"{server}/{name}", autocommit=True) as connection:
        connection.execute("CREATE TABLE diary (entry text)")
        connection.execute("INSERT INTO diary VALUES (%s)", [VALUE])
    monkeypatch.setitem(given, "NAME", name)
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_a_value_in_a_table_is_found_in_the_dump(planted: str):
    [found] = traces(postgresql.dump("default"), [VALUE])
    assert "dump of default, table public.diary" in found


@pytest.mark.postgres
def test_a_value_in_bytes_and_in_a_long_packed_text_is_found_in_the_dump(planted: str):
    with psycopg.connect(planted, autocommit=True) as connection:
        connection.execute("CREATE TABLE album (photo bytea, story text)")
        connection.execute("INSERT INTO album VALUES (%s, %s)", [VALUE.encode("utf-16-le"), f"x{'y' * 9000}{VALUE}"])
    found = [line for line in traces(postgresql.dump("default"), [VALUE]) if "album" in line]
    assert {line.rsplit(" as ", 1)[1] for line in found} == {"UTF-8", "hexadecimal of UTF-16 LE"}


@pytest.mark.postgres
def test_a_value_is_found_in_a_dump_in_postgresql_s_own_format_also_packed(planted: str, tmp_path: Path):
    dump = subprocess.run(["pg_dump", "--format=custom", "--dbname", planted], capture_output=True, check=True).stdout
    (tmp_path / "portal.backup").write_bytes(dump)
    (tmp_path / "portal.backup.gz").write_bytes(gzip.compress(dump))
    (tmp_path / "torn.backup.gz").write_bytes(gzip.compress(dump)[:-200])
    torn, *found = sorted(traces(files_below(tmp_path), [VALUE]), key=lambda line: "torn" not in line)
    assert "not searched: " in torn
    assert sum("as SQL, table public.diary" in line for line in found) == 2


@pytest.mark.postgres
def test_a_dump_that_fails_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", "no_such_database")
    [said] = traces(postgresql.dump("default"), [VALUE])
    assert said.startswith("not searched: dump of default pg_dump failed")
    monkeypatch.setenv("PATH", "")
    [said] = traces(postgresql.dump("default"), [VALUE])
    assert "install PostgreSQL's client tools" in said


@pytest.mark.postgres
def test_a_deleted_value_is_found_in_data_files_and_write_ahead_log(planted: str):
    with psycopg.connect(planted, autocommit=True) as connection:
        connection.execute("DELETE FROM diary")
        number = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()[0]
    assert traces(postgresql.dump("default"), [VALUE]) == []
    found = traces(postgresql.files(["default"]), [VALUE])
    assert any(f"/base/{number}/" in line for line in found)
    assert any("/pg_wal/" in line for line in found)


@pytest.mark.postgres
def test_a_value_in_a_failed_statement_is_found_in_the_server_log(planted: str):
    other = f"Hinterhaus {uuid.uuid4().hex}"
    with psycopg.connect(planted) as connection, pytest.raises(psycopg.Error):
        connection.execute(f"SELECT '{other}' FROM nowhere")  # noqa: S608 - it shall fail
    found = traces(postgresql.files(["default"]), [other])
    assert any("server log" in line for line in found)


@pytest.mark.postgres
def test_a_server_whose_files_are_elsewhere_is_said(planted: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    real = postgresql._ask
    fake = lambda connection, question: str(tmp_path) if "directory" in question else real(connection, question)  # noqa: E731
    monkeypatch.setattr(postgresql, "_ask", fake)
    [said] = traces(postgresql.files(["default"]), [VALUE])
    assert "are on another machine" in said


@pytest.mark.postgres
def test_a_role_that_may_not_ask_is_said(planted: str, monkeypatch: pytest.MonkeyPatch):
    role = f"shut_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(planted, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        monkeypatch.setitem(connections["default"].settings_dict, "USER", role)
        try:
            [said] = traces(postgresql.files(["default"]), [VALUE])
        finally:
            connection.execute(f"DROP ROLE {role}")
    assert "GRANT pg_read_all_settings" in said


KINDS = {
    "string": lambda client: client.set("diary", VALUE),
    "name of a key": lambda client: client.set(f"of {VALUE}", "x"),
    "list": lambda client: client.rpush("diary", *["x"] * 2500, VALUE),
    "set": lambda client: client.sadd("diary", VALUE),
    "hash": lambda client: client.hset("diary", VALUE, "x"),
    "content of a hash": lambda client: client.hset("diary", "x", VALUE),
    "sorted set": lambda client: client.zadd("diary", {VALUE: 1}),
    "stream": lambda client: [client.xadd("diary", {"x": VALUE if n == 1500 else "y"}) for n in range(1600)],
    "another encoding": lambda client: client.set("diary", VALUE.encode("utf-16-be").hex()),
}


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    with OwnRedis(tmp_path_factory.mktemp("redis"), "--appendonly", "yes", "--logfile", "redis.log") as server:
        yield server


@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
@pytest.mark.parametrize("plant", KINDS.values(), ids=KINDS)
def test_a_value_in_any_kind_of_key_is_found(own_redis: OwnRedis, plant):
    client = redis.Redis.from_url(own_redis.url)
    client.flushall()
    plant(client)
    assert traces(redis_place.live_keys(own_redis.url), [VALUE])
    client.flushall()
    assert traces(redis_place.live_keys(own_redis.url), [VALUE]) == []


@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
def test_a_deleted_value_is_found_in_the_append_only_file(own_redis: OwnRedis):
    client = redis.Redis.from_url(own_redis.url)
    client.set("diary", VALUE)
    client.delete("diary")
    assert traces(redis_place.live_keys(own_redis.url), [VALUE]) == []
    assert any("appendonly.aof" in line for line in traces(redis_place.files(own_redis.url), [VALUE]))


@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
def test_a_value_is_found_in_the_snapshot_as_it_is_and_packed(own_redis: OwnRedis):
    client, packed = redis.Redis.from_url(own_redis.url), f"{VALUE} Größenwahn Größenwahn"
    client.flushall()
    client.set("diary", VALUE)
    client.set("long", "abc" * 100 + packed + "abc" * 100)
    client.save()
    found = [line for line in traces(redis_place.files(own_redis.url), [VALUE, packed]) if "dump.rdb" in line]
    assert any(repr(VALUE) in line and "packed texts" not in line for line in found)
    assert any(repr(packed) in line and "packed texts" in line for line in found)


@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
def test_a_redis_that_does_not_answer_or_is_elsewhere_is_said(own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch):
    [said] = traces(redis_place.live_keys("redis://127.0.0.1:1/0"), [VALUE])
    assert "is it running" in said
    [said] = traces(redis_place.files("redis://127.0.0.1:1/0"), [VALUE])
    assert "may not be asked for" in said
    monkeypatch.setattr(redis_place, "PROGRAMS", ("somebody else",))
    [said] = traces(redis_place.files(own_redis.url), [VALUE])
    assert "are on another machine" in said


@pytest.fixture
def _own_folders(settings, tmp_path: Path) -> None:
    """Only files: what servers keep is searched above."""
    settings.VAR_DIR, settings.REDIS_URL = tmp_path / "var", ""
    settings.OUTBOX_DIR = tmp_path / "var" / "outbox"
    settings.OUTBOX_DIR.mkdir(parents=True)


def everywhere(*also: Path) -> list[str]:
    kept = (place for name, place in places(also) if "PostgreSQL" not in name and "dump" not in name)
    return [line for place in kept for line in traces(place, [VALUE])]


@pytest.mark.usefixtures("_own_folders")
def test_a_value_in_var_media_journal_and_other_folders_is_found_each_once(settings, tmp_path: Path):
    settings.MEDIA_ROOT, settings.ERASURE_JOURNAL = str(tmp_path / "media"), tmp_path / "var" / "journal"
    folders = [tmp_path / "var" / "logs", tmp_path / "media", settings.ERASURE_JOURNAL, tmp_path / "archive"]
    for folder in folders:
        folder.mkdir()
        (folder / "file").write_text(f"12:00 INFO {VALUE}", encoding="utf-8")
    found = everywhere(tmp_path / "archive", tmp_path / "var" / "logs", tmp_path / "archive" / "file")
    assert len(found) == 4
    assert {str(folder / "file") for folder in folders} == {line.split(": ")[1].split(" at ")[0] for line in found}


@pytest.mark.usefixtures("_own_folders")
def test_a_value_beside_the_sealed_licences_is_found_and_a_bucket_is_no_folder(settings, tmp_path: Path):
    entry = {"BACKEND": "privacy.journal.folders.FolderStorage", "OPTIONS": {"location": str(tmp_path / "elsewhere")}}
    settings.STORAGES = settings.STORAGES | {"licences": entry}
    assert everywhere() == []
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text(VALUE, encoding="utf-8")
    assert len(everywhere()) == 1
    bucket = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"location": str(tmp_path / "elsewhere")}}
    settings.STORAGES = settings.STORAGES | {"licences": bucket}
    assert everywhere() == []


@pytest.mark.usefixtures("_own_folders")
def test_the_outbox_is_the_outside_world(tmp_path: Path):
    (tmp_path / "var" / "outbox" / "message.json").write_text(VALUE, encoding="utf-8")
    assert everywhere() == []


@pytest.mark.usefixtures("_own_folders")
def test_a_value_in_a_message_of_the_folder_of_messages_is_found(tmp_path: Path):
    queue = tmp_path / "var" / "broker"
    options = {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(queue / "control")}
    queue.mkdir()
    with app.connection_for_write("filesystem://", transport_options=options) as connection:
        app.send_task("portal.anything", args=[VALUE], connection=connection)
    [found] = [line for line in everywhere() if "base64" in line and "JSON" in line]
    assert str(queue) in found


@pytest.mark.embedded
@pytest.mark.usefixtures("_own_folders")
def test_sqlite_s_files_are_searched_wherever_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "elsewhere.sqlite3"
    for end in ("", "-wal"):
        Path(f"{file}{end}").write_text(VALUE, encoding="utf-8")
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", str(file))
    assert len([line for line in everywhere() if str(file) in line]) == 2
