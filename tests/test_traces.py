"""The search for traces finds what is planted on purpose, in every encoding and store."""

import base64
import shutil
import subprocess
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache

from tests.traces import files_below, postgres_dump, postgres_files, traces

VALUE = "Désirée Größenwahn 42"
PLANTED = {
    "utf-8": VALUE.encode(),
    "utf-16": VALUE.encode("utf-16"),
    "hexadecimal": VALUE.encode().hex().encode(),
    "base64": base64.b64encode(VALUE.encode()),
    "base64 inside a longer text": base64.b64encode(f"ab{VALUE} and more".encode()),
    "case folded": VALUE.casefold().encode(),
    "upper case": VALUE.upper().encode(),
    "escaped": VALUE.encode("unicode_escape"),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_value_is_found_in_a_file(tmp_path: Path, planted: bytes):
    (tmp_path / "somewhere").mkdir()
    (tmp_path / "somewhere" / "deep.bin").write_bytes(b"\0" * 1000 + planted + b"\0" * 1000)
    assert traces(files_below(tmp_path), [VALUE]) == [f"{VALUE!r} in {tmp_path}/somewhere/deep.bin"]


def test_nothing_is_found_where_nothing_was_planted(tmp_path: Path):
    (tmp_path / "clean.bin").write_bytes(bytes(range(256)) * 1000)
    assert traces(files_below(tmp_path), [VALUE]) == []


@pytest.fixture
def planted_database():
    server = "postgres://{USER}@{HOST}:{PORT}".format(**settings.DATABASES["default"])
    name = f"planted_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(f"{server}/{name}", autocommit=True) as connection:
        connection.execute("CREATE TABLE diary (entry text)")
        connection.execute("INSERT INTO diary VALUES (%s)", [VALUE])
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")


@pytest.mark.postgres
def test_a_planted_value_is_found_in_a_dump(planted_database: str):
    assert traces([("dump", postgres_dump(planted_database))], [VALUE]) == [f"{VALUE!r} in dump"]


@pytest.mark.postgres
def test_a_deleted_value_is_found_in_the_files_that_postgresql_keeps(planted_database: str):
    with psycopg.connect(planted_database, autocommit=True) as connection:
        connection.execute("DELETE FROM diary")
    found = traces(postgres_files(planted_database, since=0), [VALUE])
    assert any("/base/" in line for line in found)
    assert any("/pg_wal/" in line for line in found)


@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-cli"), reason="no redis-cli")
def test_a_planted_value_is_found_in_redis():
    cache.set("diary", VALUE)
    kept = subprocess.run(
        ["redis-cli", "-u", settings.REDIS_URL, "--raw", "DUMP", ":1:diary"], capture_output=True, check=True
    )
    assert traces([("redis", kept.stdout)], [VALUE]) == [f"{VALUE!r} in redis"]
